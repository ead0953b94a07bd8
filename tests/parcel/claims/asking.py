"""Claims as a counter, a shop and a holder talk of them over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.access.roles import Role
from shared.clock import LOCAL, now
from tests.parcel.bodies import HOME, keyed
from tests.parcel.cash.till import Till, riel

VALUE = 80_000


@dataclass(frozen=True)
class Asking:
    """Requests of the home office, unless another is named."""

    till: Till

    async def post(
        self, path: str, body: Any = None, role: Role = Role.SUPERVISOR, by: str = HOME, key: str | None = None
    ) -> httpx.Response:
        """Ask for something."""
        headers = self.till.counter.signed_in(role, by) | keyed(key)
        return await self.till.counter.client.post(path, json=body, headers=headers)

    async def done(self, path: str, body: Any, role: Role = Role.SUPERVISOR, by: str = HOME) -> dict[str, Any]:
        """Do something that is right."""
        answer = await self.post(path, body, role, by)
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def opened(self, number: str, **values: Any) -> str:
        """Ask about an item; returns the path of the claim."""
        claim = await self.done(f"/parcels/{number}/claims", {"ground": "loss", "note": "Nobody was called."} | values)
        return f"/claims/{claim['claim_id']}"

    async def answered(self, path: str, by: str = HOME, **values: Any) -> dict[str, Any]:
        """Answer as the holder."""
        return await self.done(f"{path}/answer", {"answer": "not_here", "note": "Looked twice."} | values, by=by)

    async def proposed(self, path: str, **values: Any) -> dict[str, Any]:
        """Propose compensation."""
        body = {"outcome": "compensation", "value": riel(VALUE), "note": "By its receipt."} | values
        return await self.done(f"{path}/proposal", body)

    async def taken_to(self, state: str, number: str, **values: Any) -> str:
        """Take a claim as far as a state, paid by bank; returns its path."""
        path = await self.opened(number)
        if state == "enquired":
            return path
        await self.answered(path)
        if state == "answered":
            return path
        await self.proposed(path, **values)
        if state == "proposed":
            return path
        await self.done(f"{path}/decision", {"decision": "approved"}, Role.OFFICE_MANAGER)
        if state == "paid":
            headers = self.till.counter.signed_in(Role.ADMINISTRATOR)
            answer = await self.till.counter.client.put(f"{path}/payment", json={"method": "bank"}, headers=headers)
            assert answer.is_success, answer.text
        return path

    async def granted(self, number: str, **values: Any) -> str:
        """Take a claim as far as its being granted; returns its path."""
        return await self.taken_to("granted", number, **values)

    async def pay(self, path: str, drawer: str, role: Role = Role.CLERK, by: str = HOME) -> httpx.Response:
        """Pay out of a drawer."""
        body = {"method": "cash", "drawer_id": drawer.removeprefix("/drawers/")}
        headers = self.till.counter.signed_in(role, by)
        return await self.till.counter.client.put(f"{path}/payment", json=body, headers=headers)

    async def show(self, path: str, role: Role = Role.SUPERVISOR, by: str = HOME, **asked: str | int) -> Any:
        """Read something that is there."""
        answer = await self.till.counter.get(path, role, by, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def drawer(self) -> str:
        """Open a drawer with cash in it."""
        await self.till.floated()
        return await self.till.opened(riel(200_000))

    async def rated(self, riel_per_usd: int = 4_000) -> None:
        """Set what a dollar is worth today."""
        await self.till.rate(riel_per_usd, f"{now().astimezone(LOCAL):%Y-%m-%d}")

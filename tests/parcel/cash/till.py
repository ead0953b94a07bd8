"""An office's cash, as a counter talks of it over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.access.roles import Role
from tests.parcel.bodies import HOME, keyed
from tests.parcel.counter import Counter


def riel(amount_minor: int) -> dict[str, Any]:
    """Return an amount in riel."""
    return {"amount_minor": amount_minor, "currency": "KHR"}


def dollars(amount_minor: int) -> dict[str, Any]:
    """Return an amount in cents."""
    return {"amount_minor": amount_minor, "currency": "USD"}


@dataclass(frozen=True)
class Till:
    """The cash of the home office."""

    counter: Counter

    async def post(
        self, path: str, body: Any = None, role: Role = Role.CLERK, by: str = HOME, key: str | None = None
    ) -> httpx.Response:
        """Ask for something."""
        headers = self.counter.signed_in(role, by) | keyed(key)
        return await self.counter.client.post(f"/cash{path}", json=body, headers=headers)

    async def put(self, path: str, role: Role = Role.CLERK, by: str = HOME) -> httpx.Response:
        """Set something."""
        return await self.counter.client.put(f"/cash{path}", headers=self.counter.signed_in(role, by))

    async def get(self, path: str, role: Role = Role.SUPERVISOR, by: str = HOME, **asked: str | int) -> Any:
        """Read something that is there."""
        answer = await self.counter.get(f"/cash{path}", role, by, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def done(self, path: str, body: Any = None, role: Role = Role.CLERK, by: str = HOME) -> Any:
        """Do something that is right."""
        answer = await self.post(path, body, role, by)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def floated(self, *amounts: dict[str, Any], office: str = HOME) -> None:
        """Let the post give the office cash."""
        body = {"office": office, "amounts": list(amounts) or [riel(1_000_000), dollars(100_00)]}
        await self.done("/floats", body, Role.SUPERVISOR, office)

    async def opened(self, *opening_float: dict[str, Any], role: Role = Role.CLERK, by: str = HOME) -> str:
        """Open a drawer; returns its path beneath cash."""
        body = {"office": by, "opening_float": list(opening_float), "device": "counter-1"}
        return f"/drawers/{(await self.done('/drawers', body, role, by))['drawer_id']}"

    async def balances(self, office: str = HOME) -> dict[tuple[str, str], int]:
        """Return what each account has, holders taken together."""
        found: dict[tuple[str, str], int] = {}
        for one in await self.get("/balances", by=office, office=office):
            at = (one["account"], one["unit"])
            found[at] = found.get(at, 0) + one["quantity"]
        return {at: quantity for at, quantity in found.items() if quantity}

    async def rate(self, riel_per_usd: int, day: str) -> None:
        """Set what a dollar is worth."""
        headers = self.counter.signed_in(Role.ADMINISTRATOR)
        body = {"riel_per_usd": riel_per_usd}
        answer = await self.counter.client.put(f"/exchange-rates/{day}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text

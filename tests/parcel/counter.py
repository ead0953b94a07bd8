"""A counter that talks to the parcel service over HTTP, signed in as whoever a test needs."""

from dataclasses import dataclass
from typing import Any

import httpx

from shared.access.roles import Role
from shared.access.tokens import SigningKey
from tests.access.signed_in import actor_id, good
from tests.parcel.bodies import HOME, keyed, parcel_body


@dataclass(frozen=True)
class Counter:
    """One client; each request names the role and the office it is made as."""

    client: httpx.AsyncClient
    key: SigningKey

    def signed_in(self, role: Role = Role.CLERK, office: str = HOME) -> dict[str, str]:
        """Return the header of a person of a role and an office."""
        return good(self.key, actor_id(role, office))

    async def register(
        self, body: dict[str, Any] | None = None, key: str | None = None, role: Role = Role.CLERK, by: str = HOME
    ) -> httpx.Response:
        """Ask for a registration."""
        headers = self.signed_in(role, by) | keyed(key)
        return await self.client.post("/parcels", json=parcel_body() if body is None else body, headers=headers)

    async def registered(self, **values: Any) -> str:
        """Register a parcel; returns its number."""
        answer = await self.register(parcel_body(**values))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["item_number"])

    async def get(self, path: str, role: Role = Role.CLERK, by: str = HOME, **parameters: str | int) -> httpx.Response:
        """Read something."""
        return await self.client.get(path, params=parameters, headers=self.signed_in(role, by))

    async def correct(
        self, item_number: str, body: dict[str, Any], role: Role = Role.CLERK, by: str = HOME
    ) -> httpx.Response:
        """Ask for another recipient."""
        headers = self.signed_in(role, by)
        return await self.client.put(f"/parcels/{item_number}/recipient", json=body, headers=headers)

    async def cancel(self, item_number: str, role: Role = Role.CLERK, by: str = HOME) -> httpx.Response:
        """Take a parcel back."""
        return await self.client.post(f"/parcels/{item_number}/cancellation", headers=self.signed_in(role, by))

    async def reserve(
        self, key: str | None = None, role: Role = Role.CLERK, by: str = HOME, **values: Any
    ) -> httpx.Response:
        """Reserve a block of numbers."""
        body = {"office": HOME, "indicator": "PD", "size": 100} | values
        return await self.client.post("/number-blocks", json=body, headers=self.signed_in(role, by) | keyed(key))


def problems(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return field and code of each problem of an answer."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return [(problem["field"], problem["code"]) for problem in answer.json()["errors"]]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return status and slug of a refusal."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")

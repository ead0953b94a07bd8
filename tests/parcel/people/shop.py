"""A shop that was opened at a counter, and its owner, signed in by phone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.access.roles import Role
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import HOME, keyed
from tests.parcel.counter import Counter

OWNER = "012 111 222"
OWNER_E164 = "+85512111222"


def shop_body(**values: Any) -> dict[str, Any]:
    """Return a shop to open."""
    return {
        "shop_name": "ហាងក្រមា Krama House",
        "identity_kind": "national_id",
        "identity_number": "010203040",
        "owner": {"name": "Chan Sophea", "phone": OWNER},
    } | values


async def opened(counter: Counter, role: Role = Role.CLERK, by: str = HOME, **values: Any) -> httpx.Response:
    """Open a shop at a counter."""
    return await counter.client.post(
        "/traders", json=shop_body(**values), headers=counter.signed_in(role, by) | keyed()
    )


@dataclass(frozen=True)
class Owner:
    """The owner of a shop with a good token."""

    counter: Counter
    trader_id: str
    headers: dict[str, str]
    session: dict[str, str]

    @property
    def trader_uuid(self) -> UUID:
        """Return the id of the shop as the code knows it."""
        return UUID(self.trader_id)

    async def ask(self, method: str, path: str, body: Any = None, shop: str | None = None) -> httpx.Response:
        """Ask for something of the shop, or of another one."""
        url = f"/traders/{shop or self.trader_id}{path}"
        return await self.counter.client.request(method, url, json=body, headers=self.headers)

    async def key(self, **values: Any) -> dict[str, Any]:
        """Make a key; returns it with its secret."""
        made = await self.ask("POST", "/keys", {"label": "our web shop", "scopes": ["addresses"]} | values)
        assert made.status_code == 201, made.text
        key: dict[str, Any] = made.json()
        return key


async def code_sent(parcel_db: Database, key_ring: KeyRing) -> str:
    """Return the code that was told last."""
    events = await told.events(parcel_db, key_ring)
    return str([event for event in events if event.type == "parcel.sign-in-code.v1"][-1].code)  # type: ignore[attr-defined]


async def owner_of_a_shop(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, phone: str = OWNER, by: str = HOME
) -> Owner:
    """Open a shop and sign its owner in."""
    shop = await opened(counter, by=by, owner={"name": "Chan Sophea", "phone": phone})
    assert shop.status_code == 201, shop.text
    assert (await counter.client.post("/trader-sessions/codes", json={"phone": phone})).status_code == 202
    body = {"phone": phone, "code": await code_sent(parcel_db, key_ring)}
    session = await counter.client.post("/trader-sessions", json=body)
    assert session.status_code == 201, session.text
    headers = {"Authorization": f"Bearer {session.json()['token']}"}
    return Owner(counter, shop.json()["trader_id"], headers, session.json())

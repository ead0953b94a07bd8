"""A shop that announces parcels, and the bodies of its requests."""

from typing import Any

import httpx

from services.parcel.people.store import traders
from shared.access.roles import Role
from shared.db.connection import Database
from tests.access.running_post import shop as shop_of
from tests.access.signed_in import SHOPS
from tests.parcel.bodies import AWAY, HOME, SENDER, SENDER_PHONE, THIRD, keyed, person
from tests.parcel.counter import Counter

SHOP = SHOPS[HOME]
DRAFTS = f"/traders/{SHOP}/drafts"


async def open_shops(database: Database) -> None:
    """Keep the shops of two offices, as the directory of the tests knows them."""
    async with database.transaction() as tx:
        for office in (HOME, AWAY):
            await traders.add(tx, shop_of(office))


def one_body(**values: Any) -> dict[str, Any]:
    """Return one parcel to announce."""
    return {"recipient": person(), "collecting_office": THIRD, "weight_g": 1_200} | values


def draft_body(**values: Any) -> dict[str, Any]:
    """Return one parcel with its sender."""
    return one_body(sender=person(name=SENDER, phone=SENDER_PHONE)) | values


async def announce(counter: Counter, role: Role = Role.TRADER, by: str = HOME, **values: Any) -> httpx.Response:
    """Ask for a draft."""
    headers = counter.signed_in(role, by) | keyed()
    return await counter.client.post(DRAFTS, json=draft_body(**values), headers=headers)


async def announced(counter: Counter, **values: Any) -> dict[str, Any]:
    """Announce a parcel; returns its draft."""
    answer = await announce(counter, **values)
    assert answer.status_code == 201, answer.text
    draft: dict[str, Any] = answer.json()
    return draft


async def sit(counter: Counter, trader: bool = True, **values: Any) -> str:
    """Begin a sitting of the shop, or of somebody without one; returns its path."""
    body = {"fits_limits": True} | ({"trader": str(SHOP)} if trader else {}) | values
    answer = await counter.client.post("/sittings", json=body, headers=counter.signed_in() | keyed())
    assert answer.status_code == 201, answer.text
    return f"/sittings/{answer.json()['sitting_id']}"


async def accept(
    counter: Counter, sitting: str, key: str | None = None, role: Role = Role.CLERK, by: str = HOME, **values: Any
) -> httpx.Response:
    """Ask for an acceptance."""
    headers = counter.signed_in(role, by) | keyed(key)
    return await counter.client.post(f"{sitting}/acceptances", json={"weight_g": 1_200} | values, headers=headers)

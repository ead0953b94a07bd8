"""Items from abroad in a database, as many as a test needs, and made findable."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.parcel.customs.domain.inbound import Addressee, InboundItem
from services.parcel.customs.store import inbound_items
from services.parcel.customs.use_cases.make_inbound_findable import make_inbound_findable
from shared.db.connection import Database
from shared.s10 import ItemNumber
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.customs.inbound import ITEM, NOON


def item(serial: int, name: str = "Sok Dara", phone: str | None = "+85512345678", **values: object) -> InboundItem:
    """Return an item of a serial, which became known so many hours after noon; any field may be given."""
    filled = {
        "item_number": str(ItemNumber("CP", serial, "KR")),
        "addressee": Addressee(name, phone, "km", ("Takeo",)),
        "received_at": NOON + timedelta(hours=serial),
        "taking_office": HOME,
        "collecting_office": AWAY,
    }
    return replace(ITEM, **(filled | values))  # type: ignore[arg-type]  # any field


async def store(database: Database, items: Sequence[InboundItem]) -> list[str]:
    """Add items and let them be found; returns their numbers."""
    async with database.transaction() as tx:
        for one in items:
            assert await inbound_items.add(tx, one)
            if one.holding_office or one.state:
                await tx.execute(
                    "update inbound_item set holding_office = $2, state = $3 where item_number = $1",
                    one.item_number,
                    one.holding_office,
                    one.state,
                )
    while await find_words(database):
        pass
    return [one.item_number for one in items]


async def find_words(database: Database) -> int:
    """Let one portion of items be found; returns how many were new."""
    async with database.transaction() as tx:
        return await make_inbound_findable(tx)

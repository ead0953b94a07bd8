"""Items from abroad for tests of what is done about them; any field may be given."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from services.parcel.customs.domain.inbound import Addressee, InboundItem, Source
from services.parcel.customs.domain.itmatt import AdvanceData
from services.parcel.customs.store import inbound_items
from shared.access.roles import Actor, Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.customs.desk import INBOUND, itmatt_body

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
TAKER, KEEPER, STRANGER = (Actor(f"clerk of {office}", Role.CLERK, office) for office in (HOME, AWAY, THIRD))
"""At the office that took the item in, at the one where it waits, and at one that has nothing to do with it."""
ITEM = InboundItem(
    item_number=INBOUND,
    sender_name="Kim Minji",
    addressee=Addressee("ចាន់ ធីតា", "+855971234567", "km", ("Takeo",)),
    source=Source.HAND,
    taking_office=HOME,
    collecting_office=AWAY,
    link_secret="secret of the link",
    received_at=NOON,
    taken_by=TAKER.id,
)


def told_ahead(**values: Any) -> AdvanceData:
    """Return advance data of the item."""
    return AdvanceData.model_validate(itmatt_body(**values))


async def there(database: Database, **values: Any) -> InboundItem:
    """Add an item as it was first known, then bring it to where a test begins; returns it."""
    async with database.transaction() as tx:
        await inbound_items.add(tx, ITEM)
        return await inbound_items.change(tx, replace(ITEM, **values))


async def kept(database: Database) -> InboundItem:
    """Return the item as it is kept."""
    async with database.connection() as connection:
        item = await inbound_items.find(connection, INBOUND)
    assert item is not None
    return item

"""People in declarations and on items from abroad are forgotten, here and by every service; what was sent remains."""

from datetime import datetime, timedelta

from services.parcel.customs.store import declarations, inbound_items, papers
from shared.contracts.parcel import CONTACTS_TOPIC, ParcelErasedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500
LONGEST_JOURNEY = timedelta(days=90)
"""How an item's journey ended is not told to this room: so long after it began it counts as ended. Provisional."""


async def erase_customs_people(tx: Tx, outbox: Outbox, kept_for: timedelta, now: datetime) -> int:
    """Forget the people of one portion and tell it; returns how many items and declarations. Locks them."""
    began_before = now - kept_for - LONGEST_JOURNEY
    erased = await inbound_items.erase_people(tx, began_before, now, PORTION)
    numbers = [one.item_number for one in erased]
    await papers.drop(tx, numbers)
    events = [ParcelErasedV1(item_number=one.item_number, version=one.version, erased_at=now) for one in erased]
    await outbox.append(tx, events)
    await outbox.bury(tx, CONTACTS_TOPIC, numbers)
    return len(erased) + await declarations.erase_people(tx, began_before, now, PORTION)

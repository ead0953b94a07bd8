"""The people on items from abroad that ended, or fell silent, long ago are forgotten, with content and papers."""

from datetime import datetime, timedelta

from services.parcel.customs.store import inbound_items, papers
from shared.contracts.parcel import CONTACTS_TOPIC, ParcelErasedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def erase_inbound_people(tx: Tx, outbox: Outbox, kept_for: timedelta, now: datetime) -> int:
    """Forget the people of one portion of items and tell it; returns how many. Locks the items.

    An item that nobody ever scans has no end; it counts from what was last heard of it.
    """
    erased = await inbound_items.erase_people(tx, now - kept_for, now, PORTION)
    numbers = [one.item_number for one in erased]
    await papers.forget(tx, numbers)
    events = [ParcelErasedV1(item_number=one.item_number, version=one.version, erased_at=now) for one in erased]
    await outbox.append(tx, events)
    await outbox.bury(tx, CONTACTS_TOPIC, numbers)
    return len(erased)

"""The people on items from abroad that ended, or fell silent, long ago are forgotten, with content and papers."""

from datetime import datetime, timedelta

from services.parcel.customs.domain.silence import lost_after
from services.parcel.customs.store import inbound_items, papers, undone_payments
from shared.clock import LOCAL
from shared.contracts.parcel import CONTACTS_TOPIC, ParcelErasedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def erase_inbound_people(tx: Tx, outbox: Outbox, kept_for: timedelta, now: datetime) -> int:
    """Forget the people of one portion of items and tell it; returns how many. Locks the items.

    An item that lies and waits has no end; some time after what was last heard of it, it counts as lost.
    """
    ended_before = now - kept_for
    silent_before = ended_before - lost_after(now.astimezone(LOCAL).date())
    erased = await inbound_items.erase_people(tx, ended_before, silent_before, now, PORTION)
    numbers = [one.item_number for one in erased]
    await papers.forget(tx, numbers)
    await undone_payments.forget_reasons(tx, numbers)
    events = [ParcelErasedV1(item_number=one.item_number, version=one.version, erased_at=now) for one in erased]
    await outbox.append(tx, events)
    await outbox.bury(tx, CONTACTS_TOPIC, numbers)
    return len(erased)

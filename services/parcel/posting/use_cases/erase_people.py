"""The people on parcels that ended long ago are forgotten, here and by every service; timelines remain."""

from datetime import datetime, timedelta

from services.parcel.customs.domain.silence import lost_after
from services.parcel.customs.use_cases.forget_declarations import forget_declarations
from services.parcel.posting.store import parcels, search
from shared.clock import LOCAL
from shared.contracts.parcel import CONTACTS_TOPIC, ParcelErasedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def erase_people(tx: Tx, outbox: Outbox, kept_for: timedelta, now: datetime) -> int:
    """Forget the people of one portion of parcels and tell it; returns how many. Locks the parcels.

    A parcel abroad that no post tells of any more has no end; some time after its last news it counts as lost.
    """
    ended_before = now - kept_for
    silent_before = ended_before - lost_after(now.astimezone(LOCAL).date())
    erased = await parcels.erase_people(tx, ended_before, silent_before, now, PORTION)
    numbers = [one.item_number for one in erased]
    await search.forget(tx, numbers)
    await forget_declarations(tx, numbers, now)
    events = [ParcelErasedV1(item_number=one.item_number, version=one.version, erased_at=now) for one in erased]
    await outbox.append(tx, events)
    await outbox.bury(tx, CONTACTS_TOPIC, numbers)
    return len(erased)

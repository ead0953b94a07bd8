"""The sender takes a parcel back before it leaves the office of posting; whoever does it reads who is on it."""

from datetime import datetime

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.domain.parcel import Parcel, ParcelNotFound
from services.parcel.posting.store import parcels
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelCancelledV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def cancel_parcel(tx: Tx, outbox: Outbox, actor: Actor, item_number: str, now: datetime) -> Parcel:
    """Cancel a parcel; one cancelled already stays as it is.

    Raises: ParcelNotFound, AlreadyDispatched.
    """
    parcel = await parcels.lock(tx, item_number)
    if parcel is None or not actor.acts_for(parcel.office):
        raise ParcelNotFound
    await note_read(tx, actor, "cancellation", [item_number])
    if parcel.cancelled_at:
        return parcel
    parcel.must_be_undispatched()
    version = await parcels.cancel(tx, item_number, now)
    event = ParcelCancelledV1(item_number=item_number, version=version, office=parcel.office, cancelled_at=now)
    await outbox.append(tx, [event])
    cancelled = await parcels.find(tx, item_number)
    assert cancelled is not None
    return cancelled

"""The sender corrects who receives a parcel."""

from datetime import datetime

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.customs.use_cases.judge_advance_data_again import judge_advance_data_again
from services.parcel.posting.domain.parcel import Parcel, ParcelNotFound
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.posted import posted_item_of
from services.parcel.posting.store import parcels
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelChangedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def correct_recipient(
    tx: Tx, outbox: Outbox, actor: Actor, item_number: str, recipient: Person, now: datetime
) -> Parcel:
    """Replace the recipient and tell notifications; the same correction again changes nothing.

    Raises: ParcelNotFound, JourneyEnded, RecipientClosed, ToldAhead; the transaction must then be rolled back.
    """
    parcel = await parcels.lock(tx, item_number)
    if parcel is None or not actor.acts_for(parcel.office):
        raise ParcelNotFound
    parcel.must_be_under_way()
    if parcel.recipient == recipient:
        return parcel
    await parcels.change_recipient(tx, item_number, recipient)
    changed = await parcels.find(tx, item_number)
    assert changed is not None
    event = ParcelChangedV1(item_number=item_number, version=changed.version, changed="recipient")
    await outbox.append(tx, [event, changed.contacts()])
    if parcel.destination_country != DOMESTIC:
        await judge_advance_data_again(tx, outbox, posted_item_of(parcel), posted_item_of(changed), now)
    return changed

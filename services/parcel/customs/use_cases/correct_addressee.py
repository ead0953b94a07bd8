"""A counter corrects whom an item from abroad is for, and where it waits for them."""

from datetime import datetime

from services.parcel.customs.domain.inbound import Addressee, InboundItem
from services.parcel.customs.use_cases.hold_inbound_item import hold_inbound_item
from services.parcel.customs.use_cases.readdress_item import readdress_item
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelChangedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def correct_addressee(
    tx: Tx,
    outbox: Outbox,
    actor: Actor,
    item_number: str,
    addressee: Addressee,
    collecting_office: str | None,
    now: datetime,
) -> InboundItem:
    """Replace the addressee and tell notifications; without an office the item waits where it did.

    The same correction again changes nothing.

    Raises: InboundItemNotFound, InboundItemOver.
    """
    item = await hold_inbound_item(tx, actor, item_number)
    await note_read(tx, actor, "addressee corrected", [item_number])
    wanted = item.addressed_to(addressee, collecting_office)
    if wanted == item:
        return item
    corrected = await readdress_item(tx, actor, item, wanted, now)
    event = ParcelChangedV1(item_number=item_number, version=corrected.item.version, changed="recipient")
    await outbox.append(tx, [event, *corrected.events])
    return corrected.item

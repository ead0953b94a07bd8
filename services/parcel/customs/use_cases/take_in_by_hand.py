"""A counter takes in an item from abroad, reading off its label what is not known yet."""

from dataclasses import replace

from services.parcel.customs.domain.inbound import Addressee, AlreadyTakenIn, InboundItem, TakenIn
from services.parcel.customs.store import inbound_items
from services.parcel.customs.use_cases.add_inbound_item import add_inbound_item
from services.parcel.customs.use_cases.readdress_item import readdress_item
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def take_in_by_hand(tx: Tx, actor: Actor, item: InboundItem) -> TakenIn:
    """Add an item, or complete one that is known from advance data alone with whom it is for and where it waits.

    What the post told of the content stays.

    One that another office was told of is refused like one that was taken in: which of the two, a number does not show.

    Raises: OtherOffice, AlreadyTakenIn.
    """
    actor.must_act_for(item.taking_office)
    if added := await add_inbound_item(tx, item):
        return added
    known = await inbound_items.lock(tx, item.item_number)
    if known is None or not known.is_completed_by(actor):
        raise AlreadyTakenIn
    await note_read(tx, actor, "taken in by hand", [item.item_number])
    completed = replace(
        known.addressed_to(_reached_as_told(item.addressee, known.addressee), item.collecting_office),
        sender_name=item.sender_name,
        taking_office=item.taking_office,
        taken_by=item.taken_by,
    )
    return await readdress_item(tx, actor, known, completed, item.received_at)


def _reached_as_told(addressee: Addressee, told: Addressee) -> Addressee:
    """Return the addressee with the phone that was told ahead where the label bears none."""
    return replace(addressee, phone=addressee.phone or told.phone)

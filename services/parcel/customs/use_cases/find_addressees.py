"""A clerk types a phone and sees which items from abroad came for it."""

from services.parcel.customs.domain.inbound import InboundItem
from services.parcel.customs.domain.inbound_lists import BEGINNING, InboundFilter
from services.parcel.customs.store import inbound_items, inbound_lists
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Tx


async def find_addressees(tx: Tx, actor: Actor, phone: str, limit: int) -> list[InboundItem]:
    """Return the newest items for a phone, from those of the actor's office.

    Raises: OtherOffice.
    """
    if actor.office is None and not actor.acts_for(None):
        raise OtherOffice
    places = await inbound_lists.newest(tx, InboundFilter(phone=phone, office=actor.office), BEGINNING, limit)
    numbers = [place.item_number for place in places]
    await note_read(tx, actor, "phone", numbers)
    return await inbound_items.of_numbers(tx, numbers)

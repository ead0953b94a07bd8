"""Staff look for items from abroad, within what they may see; whose data they read is noted."""

from dataclasses import dataclass, replace

from services.parcel.customs.domain.inbound import InboundItem
from services.parcel.customs.domain.inbound_lists import InboundFilter, Place
from services.parcel.customs.store import inbound_items, inbound_lists
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx

LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class InboundPage:
    """Items in their order, and the place that the next page goes on from; None behind the last item."""

    items: list[InboundItem]
    last: Place | None


async def find_inbound_items(tx: Tx, actor: Actor, wanted: InboundFilter, after: Place, limit: int) -> InboundPage:
    """Return the items behind a place, newest first; where words are asked for, those that fit exactly come first.

    Staff of an office see the items that it took in, holds or will hand over.

    Raises: OtherOffice.
    """
    within = replace(wanted, office=wanted.office or actor.office)
    if within.office or not actor.acts_for(None):
        actor.must_act_for(within.office or "")
    look = inbound_lists.newest if within.words is None else inbound_lists.fitting
    places = await look(tx, within, after, limit)
    numbers = [place.item_number for place in places]
    await note_read(tx, actor, "list", numbers)
    items = await inbound_items.of_numbers(tx, numbers)
    return InboundPage(items, places[-1] if len(places) == limit else None)

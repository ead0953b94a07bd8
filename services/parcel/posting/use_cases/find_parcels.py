"""Staff and traders look for parcels, within what they may see; whose data staff read is noted."""

from dataclasses import replace

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.store import parcel_lists, parcels
from services.parcel.posting.store.parcel_lists import Filter
from shared.access.roles import Actor
from shared.db.connection import Tx

LARGEST_PAGE = 200


async def find_parcels(tx: Tx, actor: Actor, wanted: Filter, limit: int) -> list[Parcel]:
    """Return parcels newest first; after those with problems the others, where the filter begins with those alone.

    Staff of an office see that office's parcels, a trader the shop's.

    Raises: OtherOffice.
    """
    within = _within(actor, wanted)
    most = min(limit, LARGEST_PAGE)
    numbers = await parcel_lists.newest(tx, within, most)
    if wanted.problems == "only" and len(numbers) < most:
        others = replace(within, problems="without", before=None)
        numbers += await parcel_lists.newest(tx, others, most - len(numbers))
    if numbers and actor.trader is None:
        await note_read(tx, actor, "list", numbers)
    found = {parcel.item_number: parcel for parcel in await parcels.of_numbers(tx, numbers)}
    return [found[number] for number in numbers if number in found]


def _within(actor: Actor, wanted: Filter) -> Filter:
    if actor.trader is not None:
        return replace(wanted, trader=actor.trader)
    within = replace(wanted, office=wanted.office or actor.office)
    if within.office or not actor.acts_for(None):
        actor.must_act_for(within.office or "")
    return within

"""Staff read one parcel or look for several, within what they may see."""

from dataclasses import replace

from services.parcel.posting.domain.parcel import Parcel, ParcelNotFound
from services.parcel.posting.store import parcel_lists, parcels
from services.parcel.posting.store.parcel_lists import Filter
from shared.access.roles import Actor
from shared.db.connection import Tx

LARGEST_PAGE = 200


async def find_parcel(tx: Tx, actor: Actor, item_number: str) -> Parcel:
    """Return a parcel that the actor's office posted, holds or will hand over.

    Raises: ParcelNotFound.
    """
    parcel = await parcels.find(tx, item_number)
    if parcel is None or not any(
        actor.acts_for(office) for office in (parcel.office, parcel.collecting_office, parcel.holding_office)
    ):
        raise ParcelNotFound
    return parcel


async def find_parcels(tx: Tx, actor: Actor, wanted: Filter, limit: int) -> list[Parcel]:
    """Return parcels newest first; staff of an office see that office's alone.

    Raises: OtherOffice.
    """
    within = replace(wanted, office=wanted.office or actor.office)
    if within.office or not actor.acts_for(None):
        actor.must_act_for(within.office or "")
    numbers = await parcel_lists.newest(tx, within, min(limit, LARGEST_PAGE))
    return await parcels.of_numbers(tx, numbers)

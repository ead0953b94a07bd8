"""Staff read one parcel, if their office has to do with it; that they did is noted."""

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.domain.parcel import Parcel, ParcelNotFound
from services.parcel.posting.store import parcels
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_parcel(tx: Tx, actor: Actor, item_number: str) -> Parcel:
    """Return a parcel that the actor's office posted, holds or will hand over, or that is of the actor's shop.

    Raises: ParcelNotFound.
    """
    parcel = await parcels.find(tx, item_number)
    if parcel is None or not parcel.is_seen_by(actor):
        raise ParcelNotFound
    if actor.trader is None:
        await note_read(tx, actor, "parcel", [item_number])
    return parcel

"""A parcel in the words of customs: what is sent where, and between whom."""

from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.posting.domain.posted import posted_item_of
from services.parcel.posting.store import parcels
from services.parcel.posting.use_cases.find_parcel import find_parcel
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_posted_item(tx: Tx, actor: Actor, item_number: str, *, held: bool = False) -> PostedItem:
    """Return a parcel that the actor may see, as the declaration of its content needs it; locks one to be held.

    Raises: ParcelNotFound.
    """
    if held:
        # Nobody cancels it, corrects its recipient or forgets its people while its content is declared.
        await parcels.lock(tx, item_number)
    return posted_item_of(await find_parcel(tx, actor, item_number))

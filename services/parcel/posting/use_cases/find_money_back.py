"""Staff see what was asked for and decided about the money of one parcel."""

from services.parcel.posting.domain.parcel import ParcelNotFound
from services.parcel.posting.store import parcels
from services.parcel.pricing.domain.void_request import VoidRequest
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_money_back(tx: Tx, actor: Actor, item_number: str) -> list[VoidRequest]:
    """Return every request of a parcel that the actor may see, the first first; names nobody on the parcel.

    Raises: ParcelNotFound.
    """
    parcel = await parcels.find(tx, item_number)
    if parcel is None or not parcel.is_seen_by(actor):
        raise ParcelNotFound
    return await find_refunds(tx, item_number)

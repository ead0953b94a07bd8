"""Staff have the price of a parcel reckoned again, a year later too; it names no person, so no read is noted."""

from services.parcel.posting.domain.parcel import ParcelNotFound
from services.parcel.posting.domain.price_again import PriceAgain, price_again
from services.parcel.posting.store import parcels
from shared.access.roles import Actor
from shared.db.connection import Tx


async def recompute_price(tx: Tx, actor: Actor, item_number: str) -> PriceAgain:
    """Return the kept price of a parcel that the actor may see, and the same reckoned anew; writes nothing.

    Raises: ParcelNotFound, NoPriceKept, TariffNotFound, Invalid.
    """
    parcel = await parcels.find(tx, item_number)
    if parcel is None or not parcel.is_seen_by(actor):
        raise ParcelNotFound
    return price_again(parcel)

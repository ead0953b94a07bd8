"""Staff look at what was asked for and decided about one parcel's money."""

from services.parcel.pricing.domain.void_request import VoidRequest
from services.parcel.pricing.store import void_requests
from shared.db.connection import Tx


async def find_refunds(tx: Tx, item_number: str) -> list[VoidRequest]:
    """Return every request of a parcel, the first first; whoever calls knows that the parcel may be seen."""
    return await void_requests.of_item(tx, item_number)

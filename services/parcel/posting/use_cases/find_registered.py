"""Other rooms look at parcels that they had registered; what of them is shown to whom is theirs to note."""

from collections.abc import Sequence

from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.store import parcels
from shared.db.connection import Tx


async def find_registered(tx: Tx, item_numbers: Sequence[str]) -> list[Parcel]:
    """Return parcels in the order of the numbers given; one that is not there is left out."""
    found = {parcel.item_number: parcel for parcel in await parcels.of_numbers(tx, item_numbers)}
    return [found[number] for number in item_numbers if number in found]

"""Which of some numbers are parcels' already."""

from collections.abc import Sequence

from services.parcel.posting.store import parcels
from shared.db.connection import Tx


async def find_taken_numbers(tx: Tx, item_numbers: Sequence[str]) -> set[str]:
    """Return the numbers under which a parcel was registered, whatever became of it."""
    return await parcels.known(tx, item_numbers)

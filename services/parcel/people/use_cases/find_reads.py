"""An auditor sees who read the data of the people on a parcel, or on an item from abroad."""

from services.parcel.people.store import reads
from services.parcel.people.store.reads import Read
from shared.db.connection import Tx

MOST = 1_000


async def find_reads(tx: Tx, item_number: str) -> list[Read]:
    """Return the reads of a parcel, the last first."""
    return await reads.of_parcel(tx, item_number, MOST)

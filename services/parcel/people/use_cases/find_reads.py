"""An auditor sees who read the data of the people on a parcel, or on an item from abroad."""

from services.parcel.people.store import reads
from services.parcel.people.store.reads import Read
from shared.db.connection import Tx


async def find_reads(tx: Tx, item_number: str, before: int | None, limit: int) -> list[Read]:
    """Return the reads of a parcel, the last first; those before one read."""
    return await reads.of_parcel(tx, item_number, before, limit)

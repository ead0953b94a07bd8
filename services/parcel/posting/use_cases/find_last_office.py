"""Somebody asks about a parcel: the last office that had it."""

from services.parcel.posting.store import parcels
from shared.db.connection import Tx


async def find_last_office(tx: Tx, item_number: str) -> str | None:
    """Return the last office that news of a parcel named, None where none did."""
    return await parcels.last_office(tx, item_number)

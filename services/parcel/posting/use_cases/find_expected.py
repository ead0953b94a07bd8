"""A counter gets what is on its way to its office."""

from services.parcel.posting.domain.shelf import Expected
from services.parcel.posting.store import shelves
from shared.db.connection import Tx


async def find_expected(tx: Tx, office: str, limit: int) -> list[Expected]:
    """Return the parcels that are on their way to an office, newest first."""
    return await shelves.expected(tx, office, limit)

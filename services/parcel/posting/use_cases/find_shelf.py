"""A counter gets what waits at its office, with what is due on it."""

from services.parcel.posting.domain.shelf import OnShelf
from services.parcel.posting.store import shelves
from shared.db.connection import Tx


async def find_shelf(tx: Tx, office: str, limit: int) -> list[OnShelf]:
    """Return the parcels that wait at an office, for their recipients or, where they came back, their senders."""
    waiting = await shelves.waiting(tx, office, limit)
    return [*waiting, *await shelves.come_back(tx, office, limit - len(waiting))]

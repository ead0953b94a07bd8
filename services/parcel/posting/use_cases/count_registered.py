"""How many of some numbers are parcels'."""

from collections.abc import Sequence

from services.parcel.posting.store import parcels
from shared.db.connection import Tx


async def count_registered(tx: Tx, spans: Sequence[tuple[str, str]]) -> int:
    """Count the parcels whose numbers lie in spans that share none, each from its first to its last number."""
    return await parcels.count_between(tx, [first for first, _ in spans], [last for _, last in spans])

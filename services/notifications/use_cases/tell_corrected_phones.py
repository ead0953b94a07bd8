"""A phone was corrected after somebody else had been told: it is told where its parcel stands."""

from datetime import datetime

from services.notifications.store import corrections
from shared.db.connection import Tx
from shared.ids import new_id


async def tell_corrected_phones(tx: Tx, limit: int, now: datetime) -> int:
    """Queue the present telling once for each phone that it did not reach; returns how many. Skips locked ones."""
    return await corrections.repeat(tx, [new_id() for _ in range(limit)], now)

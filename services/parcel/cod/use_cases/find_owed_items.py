"""Somebody looks at what carriers and banks have of what was collected."""

from datetime import datetime

from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.store import cod_items
from shared.db.connection import Tx


async def find_owed_items(tx: Tx, after: tuple[datetime, str] | None, limit: int) -> list[CodItem]:
    """Return what was collected and is not with the post yet, the longest owed first."""
    return await cod_items.owed(tx, after, limit)

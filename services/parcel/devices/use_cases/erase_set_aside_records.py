"""What devices sent and was set aside is forgotten with the people that it may name; its reason stays."""

from datetime import datetime, timedelta

from shared.db.connection import Tx
from shared.syncing import store


async def erase_set_aside_records(tx: Tx, kept_for: timedelta, now: datetime) -> int:
    """Forget the bytes of records that were set aside longer ago; returns of how many."""
    return await store.forget_written(tx, now - kept_for)

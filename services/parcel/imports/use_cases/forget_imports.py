"""Files that nobody goes on with are forgotten, and what is known of those that ended."""

from datetime import datetime, timedelta

from services.parcel.imports.store import imports
from shared.db.connection import Tx

KEPT_FOR = timedelta(days=7)
"""Since anything was done with it; a file holds the people of all its parcels."""
PORTION = 20


async def forget_imports(tx: Tx, now: datetime) -> int:
    """Delete one portion of imports with all that is kept of them; returns how many."""
    return await imports.forget(tx, now - KEPT_FOR, PORTION)

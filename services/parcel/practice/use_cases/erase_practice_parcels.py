"""Practice parcels name people, too, and are forgotten as a whole."""

from datetime import datetime, timedelta

from services.parcel.practice.store import practice_parcels
from shared.db.connection import Tx

PORTION = 500


async def erase_practice_parcels(tx: Tx, kept_for: timedelta, now: datetime) -> int:
    """Delete one portion of practice parcels, the oldest first; returns how many. Nobody was told of them."""
    return await practice_parcels.erase(tx, now - kept_for, PORTION)

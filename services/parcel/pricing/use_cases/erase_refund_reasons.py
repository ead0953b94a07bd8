"""Why money was asked back is forgotten in time, for the words may name people; what was asked and decided remains."""

from datetime import datetime, timedelta

from services.parcel.pricing.store import void_requests
from shared.db.connection import Tx

PORTION = 500


async def erase_refund_reasons(tx: Tx, kept_for: timedelta, now: datetime) -> int:
    """Forget the words of one portion of requests; returns how many. One that nobody decides counts from its asking."""
    return await void_requests.erase_words(tx, now - kept_for, now, PORTION)

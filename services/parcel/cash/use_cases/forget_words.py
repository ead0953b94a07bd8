"""The time of what somebody wrote beside an entry is over; the entry stays, with the digest of the words."""

from datetime import datetime, timedelta

from services.parcel.cash.store import words
from shared.db.connection import Tx

AT_ONCE = 500


async def forget_words(tx: Tx, kept_for: timedelta, now: datetime) -> int:
    """Forget words of some entries that are older; returns of how many."""
    return await words.forget(tx, now - kept_for, AT_ONCE)

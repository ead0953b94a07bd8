"""The time of what somebody wrote about a late payout is over; that it was late stays."""

from datetime import datetime, timedelta

from services.parcel.cod.store import batches
from shared.db.connection import Tx


async def forget_lateness(tx: Tx, kept_for: timedelta, now: datetime) -> int:
    """Forget why older payouts came late; returns of how many."""
    return await batches.forget_lateness(tx, now - kept_for)

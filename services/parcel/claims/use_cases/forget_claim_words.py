"""The time of what somebody wrote about a claim is over; its steps and codes stay."""

from datetime import datetime, timedelta

from services.parcel.claims.store import steps
from shared.db.connection import Tx

PORTION = 500


async def forget_claim_words(tx: Tx, kept_for: timedelta, now: datetime) -> int:
    """Forget one portion of older words; returns of how many steps."""
    return await steps.forget_words(tx, now - kept_for, PORTION)

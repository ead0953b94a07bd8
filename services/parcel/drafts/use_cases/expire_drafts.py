"""Drafts that nobody brought are closed when their time is over, and closed ones deleted later."""

from datetime import datetime, timedelta

from services.parcel.drafts.store import drafts
from shared.db.connection import Tx

PORTION = 500
KEPT_CLOSED_FOR = timedelta(days=30)
"""As long an order is known to have been announced, as long as the answers of creating requests are kept."""


async def expire_drafts(tx: Tx, now: datetime) -> int:
    """Close one portion of drafts and delete one of closed ones; returns how many of both."""
    expired = await drafts.expire(tx, now, PORTION)
    return expired + await drafts.forget(tx, now - KEPT_CLOSED_FOR, PORTION)

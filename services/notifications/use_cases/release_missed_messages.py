"""A message and its contact came at the same moment and did not see each other."""

from datetime import datetime, timedelta

from services.notifications.store import messages
from shared.db.connection import Tx

LOOK_BACK = timedelta(minutes=10)
"""Longer than any transaction that writes an intent can last."""


async def release_missed_messages(tx: Tx, now: datetime) -> int:
    """Queue young messages that wait although their contact is here; returns how many."""
    return await messages.release_missed(tx, now - LOOK_BACK, now)

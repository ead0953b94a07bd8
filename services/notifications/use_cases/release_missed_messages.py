"""A message and its contact came at the same moment and did not see each other."""

from datetime import datetime

from services.notifications.store import messages
from shared.db.connection import Tx


async def release_missed_messages(tx: Tx, limit: int, now: datetime) -> int:
    """Queue messages that wait although their contact is here, however long ago they passed each other."""
    return await messages.release_missed(tx, limit, now)

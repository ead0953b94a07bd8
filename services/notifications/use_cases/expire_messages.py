"""Some messages are no longer news."""

from datetime import datetime

from services.notifications.domain.message import Message
from services.notifications.store import messages
from services.notifications.use_cases.tell_outcomes import tell_outcomes
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def expire_messages(tx: Tx, outbox: Outbox, limit: int, now: datetime) -> list[Message]:
    """End what waited past its deadline, and tell so; returns it. Locks the rows, skips locked ones."""
    expired = await messages.expire(tx, limit, now)
    await tell_outcomes(tx, outbox, expired, now)
    return expired

"""Some messages are no longer news."""

from collections.abc import Sequence
from datetime import datetime

from services.notifications.domain.message import AnyMessage
from services.notifications.domain.milestones import Audience
from services.notifications.store import messages
from services.notifications.use_cases.end_messages import end_messages
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def expire_messages(
    tx: Tx, outbox: Outbox, audiences: Sequence[Audience], limit: int, now: datetime
) -> list[AnyMessage]:
    """End what waited past its deadline, and tell so; returns it. Locks the rows, skips locked ones."""
    expired = await messages.expire(tx, audiences, limit, now)
    await end_messages(tx, outbox, expired, now)
    return expired

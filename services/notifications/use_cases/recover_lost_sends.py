"""A sender vanished with messages in its hands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.notifications.channels.channel import Channel
from services.notifications.domain.message import SENDER_VANISHED, AnyMessage, ChannelName
from services.notifications.domain.milestones import Audience
from services.notifications.store import attempts, messages
from services.notifications.store.attempts import Concluded
from services.notifications.use_cases.end_messages import end_messages
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def recover_lost_sends(
    tx: Tx,
    outbox: Outbox,
    channels: Mapping[ChannelName, Channel],
    audiences: Sequence[Audience],
    limit: int,
    now: datetime,
) -> list[AnyMessage]:
    """Queue what may be sent again under the same id, end the rest as unknown; returns both. Locks the rows."""
    lost = await messages.take_lost(tx, audiences, limit, now)
    if not lost:
        return []
    recovered = [
        message.after_lost_lease(message.channel is not None and channels[message.channel].deduplicates, now)
        for message in lost
    ]
    await attempts.conclude(
        tx, [Concluded(m.message_id, m.attempts, "unknown", None, SENDER_VANISHED) for m in lost], now
    )
    await messages.settle(tx, recovered, now)
    await end_messages(tx, outbox, [message for message in recovered if message.is_final], now)
    return recovered

"""A sender vanished with codes in its hands."""

from collections.abc import Mapping
from datetime import datetime

from services.notifications.channels.channel import Channel
from services.notifications.domain.message import ChannelName
from services.notifications.domain.sign_in_code import CodeMessage
from services.notifications.store import code_messages
from services.notifications.use_cases.end_codes import end_codes
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def recover_lost_codes(
    tx: Tx, outbox: Outbox, channels: Mapping[ChannelName, Channel], limit: int, now: datetime
) -> list[CodeMessage]:
    """Queue what may be sent again under the same id, end the rest as unknown; returns both. Locks the rows."""
    lost = await code_messages.take_lost(tx, limit, now)
    recovered = [
        message.after_lost_lease(message.channel is not None and channels[message.channel].deduplicates, now)
        for message in lost
    ]
    await code_messages.settle(tx, recovered, now)
    await end_codes(tx, outbox, [message for message in recovered if message.is_final], now)
    return recovered

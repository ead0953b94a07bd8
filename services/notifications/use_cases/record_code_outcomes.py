"""Codes were sent: what became of each is written down, and the code forgotten."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import ChannelName
from services.notifications.domain.outcome import Outcome
from services.notifications.domain.sign_in_code import CodeMessage
from services.notifications.store import code_messages
from services.notifications.use_cases.end_codes import end_codes
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def record_code_outcomes(
    tx: Tx,
    outbox: Outbox,
    written: Sequence[Written[CodeMessage]],
    outcomes: Sequence[Outcome],
    channels: Mapping[ChannelName, Channel],
    now: datetime,
) -> list[CodeMessage]:
    """Settle each code after its send, queue the ones worth another try, end the rest; returns the settled.

    One whose lease ran out meanwhile belongs to another sender and is left alone.
    """
    concluded = [
        one.message.concluded(outcome, channels[one.channel].deduplicates, now, random.random())
        for one, outcome in zip(written, outcomes, strict=True)
    ]
    ours = await code_messages.settle(tx, concluded, now)
    settled = [message for message in concluded if message.message_id in ours]
    await end_codes(tx, outbox, [message for message in settled if message.is_final], now)
    return settled

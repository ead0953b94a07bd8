"""Sends came back: what became of each message is written down."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import AnyMessage, ChannelName
from services.notifications.domain.outcome import Accepted, Outcome, Refused, Unknown
from services.notifications.store import attempts, messages
from services.notifications.store.attempts import Concluded
from services.notifications.use_cases.end_messages import end_messages
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def record_outcomes(
    tx: Tx,
    outbox: Outbox,
    written: Sequence[Written[AnyMessage]],
    outcomes: Sequence[Outcome],
    channels: Mapping[ChannelName, Channel],
    now: datetime,
) -> list[AnyMessage]:
    """Settle each message after its send, queue the ones worth another try, end the rest; returns the settled.

    One whose lease ran out meanwhile belongs to another sender and is left alone.
    """
    concluded = [
        one.message.concluded(outcome, channels[one.channel].deduplicates, now, random.random())
        for one, outcome in zip(written, outcomes, strict=True)
    ]
    # Messages before their attempts, as whoever recovers them locks both: else the two wait for each other.
    ours = await messages.settle(tx, concluded, now)
    await attempts.conclude(tx, [_attempt(one, outcome) for one, outcome in zip(written, outcomes, strict=True)], now)
    settled = [message for message in concluded if message.message_id in ours]
    await end_messages(tx, outbox, [message for message in settled if message.is_final], now)
    return settled


def _attempt(one: Written[AnyMessage], outcome: Outcome) -> Concluded:
    message_id, attempt_no = one.message.message_id, one.message.attempts
    match outcome:
        case Accepted():
            return Concluded(message_id, attempt_no, "accepted", outcome.provider_reference, None)
        case Refused():
            return Concluded(message_id, attempt_no, "refused", None, outcome.reason)
        case Unknown():
            return Concluded(message_id, attempt_no, "unknown", None, outcome.reason)

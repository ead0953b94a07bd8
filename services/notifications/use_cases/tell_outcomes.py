"""Messages ended: the other services hear how."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from services.notifications.domain.message import Message
from shared import trace
from shared.contracts.notifications import MessageSentV1, Outcome
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def tell_outcomes(tx: Tx, outbox: Outbox, ended: Sequence[Message], now: datetime) -> None:
    """Publish the end of each message, in the trace of the movement that caused it."""
    with trace.caused_by({message.item_number: message.traceparent for message in ended}):
        await outbox.append(tx, [_event(message, now) for message in ended])


def _event(message: Message, now: datetime) -> MessageSentV1:
    return MessageSentV1(
        item_number=message.item_number,
        message_id=message.message_id,
        milestone=message.milestone,
        audience=message.audience.value,
        channel=message.channel,
        outcome=cast("Outcome", message.state.value),
        at=now,
    )

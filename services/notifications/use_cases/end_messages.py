"""Messages ended: the other services hear how, and what was secret about them is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from services.notifications.domain.message import AnyMessage, CodeMessage
from services.notifications.store import codes_to_send
from shared import trace
from shared.contracts.notifications import CodeSentV1, MessageSentV1, Outcome
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def end_messages(tx: Tx, outbox: Outbox, ended: Sequence[AnyMessage], now: datetime) -> None:
    """Publish the end of each message in the trace of what caused it; of a code, delete phone and code."""
    codes = [message.message_id for message in ended if isinstance(message, CodeMessage)]
    if codes:
        await codes_to_send.forget(tx, codes)
    events = [_event(message, now) for message in ended]
    with trace.caused_by({event.key: message.traceparent for event, message in zip(events, ended, strict=True)}):
        await outbox.append(tx, events)


def _event(message: AnyMessage, now: datetime) -> MessageSentV1 | CodeSentV1:
    outcome = cast("Outcome", message.state.value)
    if isinstance(message, CodeMessage):
        return CodeSentV1(
            request_id=message.request_id,
            message_id=message.message_id,
            channel=message.channel,
            outcome=outcome,
            at=now,
        )
    return MessageSentV1(
        item_number=message.item_number,
        message_id=message.message_id,
        milestone=message.milestone,
        audience=message.audience.value,
        channel=message.channel,
        outcome=outcome,
        at=now,
    )

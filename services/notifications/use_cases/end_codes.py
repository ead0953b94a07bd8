"""Codes ended: they are forgotten here, and the other services hear how it went."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from services.notifications.domain.sign_in_code import CodeMessage
from services.notifications.store import codes_to_send
from shared import trace
from shared.contracts.notifications import CodeSentV1, Outcome
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def end_codes(tx: Tx, outbox: Outbox, ended: Sequence[CodeMessage], now: datetime) -> None:
    """Forget phone and code of each, and publish its end in the trace of the request for it."""
    await codes_to_send.forget(tx, [message.message_id for message in ended])
    with trace.caused_by({message.request_id: message.traceparent for message in ended}):
        await outbox.append(tx, [_event(message, now) for message in ended])


def _event(message: CodeMessage, now: datetime) -> CodeSentV1:
    return CodeSentV1(
        request_id=message.request_id,
        message_id=message.message_id,
        channel=message.channel,
        outcome=cast("Outcome", message.state.value),
        at=now,
    )

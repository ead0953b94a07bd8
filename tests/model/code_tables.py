"""Stand-ins for the statements of the notifications service that are about sign-in codes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.message import ChannelName, CodeMessage, State
from services.notifications.domain.milestones import Audience, Milestone
from services.notifications.store.codes_to_send import ClaimedCode, CodeToSend
from services.notifications.store.messages import CodeIntent
from tests.model.notifications_tables import hold_message, messages_in
from tests.model.server import Row, Transaction, statement

Key = tuple[str, int, str, str]


def code_key(request_id: str) -> Key:
    """Return what a request has once, in the form that the keys of messages about parcels have."""
    return (request_id, 0, Milestone.SIGN_IN_CODE, Audience.MEMBER)


@statement
async def add_codes(tx: Transaction, intents: Sequence[CodeIntent], now: datetime) -> set[UUID]:
    added = set()
    for one in sorted(intents, key=lambda intent: intent.request_id):
        message = CodeMessage(
            message_id=one.message_id,
            request_id=one.request_id,
            state=State.QUEUED,
            channel=None,
            attempts=0,
            not_before=now,
            deadline=one.deadline,
            traceparent=one.traceparent,
        )
        row = {"message": message, "intent": one, "lease_until": None, "ended_at": None}
        if await tx.insert("message", code_key(one.request_id), row):
            added.add(one.message_id)
    return added


@statement
async def add(tx: Transaction, codes: Sequence[CodeToSend]) -> None:
    for code in codes:
        assert await tx.insert("code_to_send", code.message_id, {"phone": code.phone, "code": code.code})


@statement
async def claim(tx: Transaction, limit: int, now: datetime, lease_until: datetime) -> list[ClaimedCode]:
    due = [
        (message.not_before, message.message_id, key)
        for key, message in messages_in(tx, State.QUEUED)
        if key[3] == Audience.MEMBER and message.not_before <= now < message.deadline
    ]
    claimed: list[ClaimedCode] = []
    for _, message_id, key in sorted(due):
        code = tx.get("code_to_send", message_id) if len(claimed) < limit else None
        row = await hold_message(tx, key, State.QUEUED, skip_locked=True) if code else None
        if code and row:
            one = _claimed(tx, row, code)
            tx.put("message", key, {**row, "message": one.message, "lease_until": lease_until})
            attempt = {"started_at": now, "outcome": None, "ended_at": None}
            tx.put("attempt", (message_id, one.message.attempts), attempt)
            claimed.append(one)
    return claimed


def _claimed(tx: Transaction, row: Row, code: Row) -> ClaimedCode:
    message: CodeMessage = row["message"]
    link = tx.get("telegram_link", code["phone"])
    channel: ChannelName = "sms" if link is None or message.channel == "sms" else "telegram"
    sending = replace(message, state=State.SENDING, channel=channel, attempts=message.attempts + 1)
    return ClaimedCode(sending, row["intent"].language, link["chat"] if link else None, code["phone"], code["code"])


@statement
async def forget(tx: Transaction, message_ids: Sequence[UUID]) -> None:
    await tx.delete("code_to_send", message_ids)


@statement
async def forget_codes(tx: Transaction, age: timedelta, now: datetime) -> None:
    old = [
        (key, row["message"].message_id)
        for key, row in tx.rows("message")
        if key[3] == Audience.MEMBER and row["ended_at"] and row["ended_at"] < now - age
    ]
    await tx.delete("message", [key for key, _ in old])
    of_these = {message_id for _, message_id in old}
    await tx.delete("attempt", [key for key, _ in tx.rows("attempt") if key[0] in of_these])

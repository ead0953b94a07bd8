"""Table code_to_send: which code goes to which phone, as long as it may go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.notifications.domain.facts import Language
from services.notifications.domain.message import CodeMessage
from services.notifications.store import messages
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class CodeToSend:
    """What is secret about a code message; the phone is E.164."""

    message_id: UUID
    phone: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClaimedCode:
    """A code to send now, with all that its text and its channel need; phone is E.164."""

    message: CodeMessage
    language: Language
    chat: int | None
    phone: str = field(repr=False)
    code: str = field(repr=False)


async def add(tx: Tx, codes: Sequence[CodeToSend]) -> None:
    """Insert codes."""
    await tx.execute(
        """
        insert into code_to_send (message_id, phone, code)
        select message_id, phone, code from unnest($1::uuid[], $2::text[], $3::text[]) as c (message_id, phone, code)
        """,
        [code.message_id for code in codes],
        [code.phone for code in codes],
        [code.code for code in codes],
    )


async def claim(tx: Tx, limit: int, now: datetime, lease_until: datetime) -> list[ClaimedCode]:
    """Take the longest due codes for one sender, choose their channel and open their attempts; locks their messages.

    What was tried by SMS stays there though a chat was linked since: another channel would tell it a second time.
    """
    records = await tx.fetch(
        """
        with due as (
            select m.message_id, s.phone, s.code, l.chat
            from message m
            join code_to_send s on s.message_id = m.message_id
            left join telegram_link l on l.phone = s.phone
            where m.state = 'queued' and m.audience = 'member' and m.not_before <= $1 and m.deadline > $1
            order by m.not_before, m.message_id limit $2
            for update of m skip locked
        ), claimed as (
            update message m
            set state = 'sending', attempts = m.attempts + 1, lease_until = $3,
                channel = case when due.chat is null or m.channel = 'sms' then 'sms' else 'telegram' end
            from due where m.message_id = due.message_id
            returning m.message_id, m.request_id, m.language, m.state, m.channel, m.attempts, m.not_before, m.deadline,
                m.traceparent, due.phone, due.code, due.chat
        ), opened as (
            insert into attempt (message_id, attempt_no, channel, started_at)
            select message_id, attempts, channel, $1 from claimed
        )
        select message_id, request_id, language, state, channel, attempts, not_before, deadline, traceparent, phone,
            code, chat
        from claimed order by not_before, message_id
        """,
        now,
        limit,
        lease_until,
    )
    return [
        ClaimedCode(
            messages.code_message_of(record), record["language"], record["chat"], record["phone"], record["code"]
        )
        for record in records
    ]


async def forget(tx: Tx, message_ids: Sequence[UUID]) -> None:
    """Delete codes."""
    await tx.execute("delete from code_to_send where message_id = any($1::uuid[])", message_ids)

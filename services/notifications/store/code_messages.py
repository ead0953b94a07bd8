"""Table code_message: which sign-in codes are on their way, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from services.notifications.domain.facts import Language
from services.notifications.domain.message import State
from services.notifications.domain.sign_in_code import CodeMessage
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class CodeIntent:
    """A code that shall be sent at once."""

    message_id: UUID
    request_id: str
    language: Language
    traceparent: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class ClaimedCode:
    """A code to send now, with all that its text and its channel need; phone is E.164."""

    message: CodeMessage
    language: Language
    chat: int | None
    phone: str = field(repr=False)
    code: str = field(repr=False)


async def add(tx: Tx, intents: Sequence[CodeIntent], now: datetime) -> set[UUID]:
    """Insert intents; one of a request that is known changes nothing. Returns the ids of the new ones."""
    records = await tx.fetch(
        """
        insert into code_message (message_id, request_id, language, traceparent, state, created_at, not_before,
            deadline)
        select message_id, request_id, language, traceparent, 'queued', $6, $6, deadline
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
            as i (message_id, request_id, language, traceparent, deadline)
        order by request_id
        on conflict (request_id) do nothing returning message_id
        """,
        [intent.message_id for intent in intents],
        [intent.request_id for intent in intents],
        [intent.language for intent in intents],
        [intent.traceparent for intent in intents],
        [intent.deadline for intent in intents],
        now,
    )
    return {record["message_id"] for record in records}


async def claim(tx: Tx, limit: int, now: datetime, lease_until: datetime) -> list[ClaimedCode]:
    """Take the longest due codes for one sender and choose their channel; locks the rows, skips locked ones.

    What was tried by SMS stays there though a chat was linked since: another channel would tell it a second time.
    """
    records = await tx.fetch(
        """
        with due as (
            select m.message_id, s.phone, s.code, l.chat
            from code_message m
            join code_to_send s on s.message_id = m.message_id
            left join telegram_link l on l.phone = s.phone
            where m.state = 'queued' and m.not_before <= $1 and m.deadline > $1
            order by m.not_before, m.message_id limit $2
            for update of m skip locked
        )
        update code_message m
        set state = 'sending', attempts = m.attempts + 1, lease_until = $3,
            channel = case when due.chat is null or m.channel = 'sms' then 'sms' else 'telegram' end
        from due where m.message_id = due.message_id
        returning m.message_id, m.request_id, m.language, m.state, m.channel, m.attempts, m.not_before, m.deadline,
            m.traceparent, due.phone, due.code, due.chat
        """,
        now,
        limit,
        lease_until,
    )
    return [
        ClaimedCode(_message(record), record["language"], record["chat"], record["phone"], record["code"])
        for record in records
    ]


async def settle(tx: Tx, messages: Sequence[CodeMessage], now: datetime) -> set[UUID]:
    """Write what became of one attempt of each; returns those that were still this sender's to settle."""
    records = await tx.fetch(
        """
        with settled as (
            select m.message_id, s.state, s.not_before, s.provider_reference, s.reason, s.final
            from unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::boolean[])
                as s (message_id, attempts, state, not_before, provider_reference, reason, final)
            join code_message m on m.message_id = s.message_id
            where m.state = 'sending' and m.attempts = s.attempts
            order by m.message_id for update of m
        )
        update code_message m
        set state = s.state, not_before = s.not_before, provider_reference = s.provider_reference, reason = s.reason,
            lease_until = null, ended_at = case when s.final then $8::timestamptz end
        from settled s where m.message_id = s.message_id
        returning m.message_id
        """,
        [message.message_id for message in messages],
        [message.attempts for message in messages],
        [message.state for message in messages],
        [message.not_before for message in messages],
        [message.provider_reference for message in messages],
        [message.reason for message in messages],
        [message.is_final for message in messages],
        now,
    )
    return {record["message_id"] for record in records}


async def take_lost(tx: Tx, limit: int, now: datetime) -> list[CodeMessage]:
    """Return codes whose sender did not answer within its lease; locks them."""
    records = await tx.fetch(
        """
        select message_id, request_id, state, channel, attempts, not_before, deadline, traceparent
        from code_message where state = 'sending' and lease_until < $1
        order by lease_until limit $2 for update skip locked
        """,
        now,
        limit,
    )
    return [_message(record) for record in records]


async def expire(tx: Tx, limit: int, now: datetime) -> list[CodeMessage]:
    """End codes that came too late to be sent; returns them."""
    records = await tx.fetch(
        """
        with late as (
            select message_id from code_message where state = 'queued' and deadline <= $1
            order by deadline limit $2 for update skip locked
        )
        update code_message m set state = 'expired', ended_at = $1
        from late where m.message_id = late.message_id
        returning m.message_id, m.request_id, m.state, m.channel, m.attempts, m.not_before, m.deadline, m.traceparent
        """,
        now,
        limit,
    )
    return [_message(record) for record in records]


async def forget_older(tx: Tx, age: timedelta, now: datetime) -> None:
    """Delete what ended longer ago."""
    await tx.execute("delete from code_message where ended_at < $1", now - age)


def _message(record: asyncpg.Record) -> CodeMessage:
    return CodeMessage(
        message_id=record["message_id"],
        request_id=record["request_id"],
        state=State(record["state"]),
        channel=record["channel"],
        attempts=record["attempts"],
        not_before=record["not_before"],
        deadline=record["deadline"],
        traceparent=record["traceparent"],
    )

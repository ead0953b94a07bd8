"""Table message: who is told what, and how far that is; about a parcel, or to a member who asked for a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.notifications.domain.facts import Due, Language
from services.notifications.domain.message import AnyMessage, CodeMessage, Message, State
from services.notifications.domain.milestones import Audience, Milestone
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Intent:
    """A message that shall be sent once its contact is known and its time has come."""

    message_id: UUID
    item_number: str
    journey_no: int
    milestone: Milestone
    audience: Audience
    office: str | None
    occurred_at: datetime
    traceparent: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class CodeIntent:
    """A code that shall be sent at once."""

    message_id: UUID
    request_id: str
    language: Language
    traceparent: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now, with all that its text and its channel need; phone is E.164."""

    message: Message
    phone: str
    chat: int | None
    language: Language
    sender: str
    recipient: str
    office: str | None
    collecting_office: str | None
    door_delivery: bool
    occurred_at: datetime
    due: Due | None = None
    nothing_due: bool = False
    papers: str = ""


ADDRESSEE = "addressee"
"""Who is told of customs, in the table; a recipient to everybody else."""


async def add(tx: Tx, intents: Sequence[Intent], now: datetime) -> list[tuple[UUID, State]]:
    """Insert intents, waiting where no phone is known; one that the journey has already changes nothing."""
    records = await tx.fetch(
        """
        insert into message (message_id, item_number, journey_no, milestone, audience, office, occurred_at,
            traceparent, state, created_at, not_before, deadline)
        select i.message_id, i.item_number, i.journey_no, i.milestone, i.audience, i.office, i.occurred_at,
            i.traceparent, case when c.item_number is null then 'waiting_contact' else 'queued' end,
            $10, $10, i.deadline
        from unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                $8::text[], $9::timestamptz[])
            as i (message_id, item_number, journey_no, milestone, audience, office, occurred_at, traceparent, deadline)
        left join contact c on c.item_number = i.item_number and c.audience = i.audience and c.phone <> ''
        order by i.item_number, i.journey_no, i.milestone, i.audience
        on conflict (item_number, journey_no, milestone, audience) do nothing
        returning message_id, state
        """,
        [intent.message_id for intent in intents],
        [intent.item_number for intent in intents],
        [intent.journey_no for intent in intents],
        [intent.milestone for intent in intents],
        [intent.audience for intent in intents],
        [intent.office for intent in intents],
        [intent.occurred_at for intent in intents],
        [intent.traceparent for intent in intents],
        [intent.deadline for intent in intents],
        now,
    )
    return [(record["message_id"], State(record["state"])) for record in records]


async def add_codes(tx: Tx, intents: Sequence[CodeIntent], now: datetime) -> set[UUID]:
    """Insert intents; one of a request that is known changes nothing. Returns the ids of the new ones."""
    records = await tx.fetch(
        """
        insert into message (message_id, request_id, language, milestone, audience, traceparent, state, created_at,
            not_before, deadline)
        select message_id, request_id, language, 'sign_in_code', 'member', traceparent, 'queued', $6, $6, deadline
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
            as i (message_id, request_id, language, traceparent, deadline)
        order by request_id
        on conflict (request_id) where request_id is not null do nothing returning message_id
        """,
        [intent.message_id for intent in intents],
        [intent.request_id for intent in intents],
        [intent.language for intent in intents],
        [intent.traceparent for intent in intents],
        [intent.deadline for intent in intents],
        now,
    )
    return {record["message_id"] for record in records}


async def release(tx: Tx, item_numbers: Sequence[str], now: datetime) -> int:
    """Queue what waited for the contacts of these parcels; returns how many."""
    status = await tx.execute(
        """
        with released as (
            select m.message_id from message m
            join contact c on c.item_number = m.item_number and c.audience = m.audience and c.phone <> ''
            where m.item_number = any($1::text[]) and m.state = 'waiting_contact'
            order by m.message_id for update of m
        )
        update message m set state = 'queued', not_before = $2
        from released where m.message_id = released.message_id
        """,
        item_numbers,
        now,
    )
    return int(status.split()[-1])


async def release_missed(tx: Tx, limit: int, now: datetime) -> int:
    """Queue what has a contact after all; returns how many.

    Contact and intent may have been written side by side, unseen by each other.
    """
    status = await tx.execute(
        """
        with released as (
            select m.message_id from message m
            join contact c on c.item_number = m.item_number and c.audience = m.audience and c.phone <> ''
            where m.state = 'waiting_contact'
            order by m.message_id limit $1 for update of m skip locked
        )
        update message m set state = 'queued', not_before = $2
        from released where m.message_id = released.message_id
        """,
        limit,
        now,
    )
    return int(status.split()[-1])


async def claim(tx: Tx, limit: int, now: datetime, lease_until: datetime) -> list[Claimed]:
    """Take the longest due messages for one sender, choose their channel and open their attempts; locks the rows.

    What was tried by SMS stays there though a chat was linked since: another channel would tell it a second time.
    Whoever lost their phone by a correction is told nothing; a repeat for a corrected phone goes to none that was told.
    """
    records = await tx.fetch(
        """
        with due as (
            select m.message_id, s.name as sender, r.name as recipient, p.collecting_office, l.chat,
                coalesce(p.door_delivery, false) as door_delivery, d.amount_minor, d.currency,
                case when m.audience = 'sender' then s.phone else r.phone end as phone,
                case when m.audience = 'sender' then s.phone_since else r.phone_since end as phone_since,
                case when m.audience = 'sender' then s.language else r.language end as language
            from message m
            join contact s on s.item_number = m.item_number and s.audience = 'sender'
            join contact r on r.item_number = m.item_number and r.audience = 'recipient'
            left join parcel p on p.item_number = m.item_number
            left join charges d on d.item_number = m.item_number
            left join telegram_link l on l.phone = case when m.audience = 'sender' then s.phone else r.phone end
            where m.state = 'queued' and m.not_before <= $1 and m.deadline > $1
                and case when m.audience = 'sender' then s.phone else r.phone end <> ''
                and (m.repeats is null or not exists (
                    select 1 from message o
                    where (o.message_id = m.repeats or o.repeats = m.repeats) and o.message_id <> m.message_id
                        and coalesce(o.told_since, 0)
                            = case when m.audience = 'sender' then s.phone_since else r.phone_since end
                ))
            order by m.not_before, m.message_id limit $2
            for update of m skip locked
        ), claimed as (
            update message m
            set state = 'sending',
                channel = case when due.chat is null or m.channel = 'sms' then 'sms' else 'telegram' end,
                attempts = m.attempts + 1, lease_until = $3, told_since = due.phone_since,
                told_minor = coalesce(due.amount_minor, 0), told_currency = due.currency
            from due where m.message_id = due.message_id
            returning m.message_id, m.item_number, m.milestone, m.audience, m.state, m.channel, m.attempts,
                m.not_before, m.deadline, m.traceparent, m.office, m.occurred_at
        ), opened as (
            insert into attempt (message_id, attempt_no, channel, started_at)
            select message_id, attempts, channel, $1 from claimed
        )
        select c.message_id, c.item_number, c.milestone, c.audience, c.state, c.channel, c.attempts, c.not_before,
            c.deadline, c.traceparent, c.office, c.occurred_at, d.sender, d.recipient, d.collecting_office,
            d.door_delivery, d.amount_minor, d.currency, d.chat, d.phone, d.language
        from claimed c join due d on d.message_id = c.message_id
        order by c.not_before, c.message_id
        """,
        now,
        limit,
        lease_until,
    )
    return [
        Claimed(
            message=message_of(record),
            phone=record["phone"],
            chat=record["chat"],
            language=record["language"],
            sender=record["sender"],
            recipient=record["recipient"],
            office=record["office"],
            collecting_office=record["collecting_office"],
            door_delivery=record["door_delivery"],
            occurred_at=record["occurred_at"],
            due=Due(record["amount_minor"], record["currency"]) if record["currency"] else None,
        )
        for record in records
    ]


async def take_lost(tx: Tx, audiences: Sequence[Audience], limit: int, now: datetime) -> list[AnyMessage]:
    """Return messages whose sender did not answer within its lease; locks them."""
    records = await tx.fetch(
        """
        select message_id, coalesce(item_number, customs_item) as item_number, request_id, milestone, audience, state,
            channel, attempts, not_before, deadline, traceparent
        from message where state = 'sending' and lease_until < $1 and audience = any($3::text[])
        order by lease_until limit $2 for update skip locked
        """,
        now,
        limit,
        _stored(audiences),
    )
    return [_any_message(record) for record in records]


async def settle(tx: Tx, messages: Sequence[AnyMessage], now: datetime) -> set[UUID]:
    """Write what became of one attempt of each; returns those that were still this sender's to settle."""
    records = await tx.fetch(
        """
        with settled as (
            select m.message_id, s.state, s.not_before, s.provider_reference, s.reason, s.final
            from unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::boolean[])
                as s (message_id, attempts, state, not_before, provider_reference, reason, final)
            join message m on m.message_id = s.message_id
            where m.state = 'sending' and m.attempts = s.attempts
            order by m.message_id for update of m
        )
        update message m
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


async def expire(tx: Tx, audiences: Sequence[Audience], limit: int, now: datetime) -> list[AnyMessage]:
    """End messages that are no longer news; returns them."""
    records = await tx.fetch(
        """
        with late as (
            select message_id from message
            where state in ('waiting_contact', 'queued') and deadline <= $1 and audience = any($3::text[])
            order by deadline limit $2 for update skip locked
        )
        update message m set state = 'expired', ended_at = $1
        from late where m.message_id = late.message_id
        returning m.message_id, coalesce(m.item_number, m.customs_item) as item_number, m.request_id, m.milestone,
            m.audience, m.state, m.channel, m.attempts, m.not_before, m.deadline, m.traceparent
        """,
        now,
        limit,
        _stored(audiences),
    )
    return [_any_message(record) for record in records]


async def forget_codes(tx: Tx, age: timedelta, now: datetime) -> None:
    """Delete codes that ended longer ago."""
    await tx.execute("delete from message where audience = 'member' and ended_at < $1", now - age)


async def count_open(tx: Tx) -> dict[State, int]:
    """Return how many messages are in each state that is not final."""
    records = await tx.fetch(
        """
        select state, count(*) as messages from message where state in ('waiting_contact', 'queued') group by state
        union all
        select state, count(*) as messages from message where state = 'sending' group by state
        """
    )
    return {State(record["state"]): record["messages"] for record in records}


def _stored(audiences: Sequence[Audience]) -> Sequence[str]:
    return [*audiences, ADDRESSEE] if Audience.RECIPIENT in audiences else audiences


def message_of(record: asyncpg.Record) -> Message:
    """Read a message about a parcel."""
    return Message(
        item_number=record["item_number"],
        milestone=Milestone(record["milestone"]),
        audience=Audience.RECIPIENT if record["audience"] == ADDRESSEE else Audience(record["audience"]),
        **_delivery(record),
    )


def code_message_of(record: asyncpg.Record) -> CodeMessage:
    """Read a message with a code."""
    return CodeMessage(request_id=record["request_id"], **_delivery(record))


def _any_message(record: asyncpg.Record) -> AnyMessage:
    return message_of(record) if record["request_id"] is None else code_message_of(record)


def _delivery(record: asyncpg.Record) -> dict[str, Any]:
    return {
        "message_id": record["message_id"],
        "state": State(record["state"]),
        "channel": record["channel"],
        "attempts": record["attempts"],
        "not_before": record["not_before"],
        "deadline": record["deadline"],
        "traceparent": record["traceparent"],
    }

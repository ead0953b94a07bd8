"""What the release before says to PostgreSQL, word for word, that may meet a sign-in code.

It goes when view code_message goes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from shared.db.connection import Tx
from shared.ids import new_id

CLAIM = """
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
        """


async def add(tx: Tx, request_id: str, now: datetime, deadline: datetime) -> list[UUID]:
    """Queue a code; one of a request that is known changes nothing. Returns the ids of the new ones."""
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
        [new_id()],
        [request_id],
        ["km"],
        ["trace"],
        [deadline],
        now,
    )
    return [record["message_id"] for record in records]


async def claim(tx: Tx, now: datetime, lease_until: datetime) -> list[asyncpg.Record]:
    """Take due codes for a sender."""
    records: list[asyncpg.Record] = await tx.fetch(CLAIM, now, 8, lease_until)
    return records


async def settle(tx: Tx, claimed: Sequence[asyncpg.Record], state: str, now: datetime) -> set[UUID]:
    """Write that the send of each came to this state; returns those that were still this sender's."""
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
        [one["message_id"] for one in claimed],
        [one["attempts"] for one in claimed],
        [state for _ in claimed],
        [now for _ in claimed],
        ["reference" for _ in claimed],
        [None for _ in claimed],
        [state != "queued" for _ in claimed],
        now,
    )
    return {record["message_id"] for record in records}


async def take_lost(tx: Tx, now: datetime) -> list[asyncpg.Record]:
    """Return codes whose sender did not answer within its lease."""
    records: list[asyncpg.Record] = await tx.fetch(
        """
        select message_id, request_id, state, channel, attempts, not_before, deadline, traceparent
        from code_message where state = 'sending' and lease_until < $1
        order by lease_until limit $2 for update skip locked
        """,
        now,
        8,
    )
    return records


async def expire(tx: Tx, now: datetime) -> list[str]:
    """End codes that came too late to be sent; returns their requests."""
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
        8,
    )
    return [record["request_id"] for record in records]


async def forget_older(tx: Tx, age: timedelta, now: datetime) -> None:
    """Delete what ended longer ago."""
    await tx.execute("delete from code_message where ended_at < $1", now - age)


async def expire_news(tx: Tx, now: datetime) -> list[asyncpg.Record]:
    """End messages about parcels; it knows of no other audience, and takes late codes along."""
    records: list[asyncpg.Record] = await tx.fetch(
        """
        with late as (
            select message_id from message where state in ('waiting_contact', 'queued') and deadline <= $1
            order by deadline limit $2 for update skip locked
        )
        update message m set state = 'expired', ended_at = $1
        from late where m.message_id = late.message_id
        returning m.message_id, m.item_number, m.milestone, m.audience, m.state, m.channel, m.attempts, m.not_before,
            m.deadline, m.traceparent
        """,
        now,
        8,
    )
    return records


async def decide(tx: Tx, item_number: str, milestone: str, now: datetime) -> int:
    """Write an intent for a recipient; one that the journey has already changes nothing. Returns how many were new."""
    records = await tx.fetch(
        """
        insert into message (message_id, item_number, journey_no, milestone, audience, office, occurred_at,
            traceparent, state, created_at, not_before, deadline)
        values ($1, $2, 1, $3, 'recipient', 'TK02', $4, 'trace', 'waiting_contact', $4, $4, $4)
        on conflict (item_number, journey_no, milestone, audience) do nothing
        returning message_id, state
        """,
        new_id(),
        item_number,
        milestone,
        now,
    )
    return len(records)


async def claim_news(tx: Tx, now: datetime) -> list[asyncpg.Record]:
    """Claim what it would send about parcels, as the release before the news of customs did."""
    records: list[asyncpg.Record] = await tx.fetch(
        """
        select m.message_id, m.milestone from message m
        join contact s on s.item_number = m.item_number and s.audience = 'sender'
        join contact r on r.item_number = m.item_number and r.audience = 'recipient'
        where m.state = 'queued' and m.not_before <= $1 and m.deadline > $1
            and case when m.audience = 'sender' then s.phone else r.phone end <> ''
        """,
        now,
    )
    return records


async def late_or_lost_news(tx: Tx, now: datetime) -> list[asyncpg.Record]:
    """Return what the same release would end or recover."""
    records: list[asyncpg.Record] = await tx.fetch(
        """
        select message_id, milestone from message
        where audience = any(array['recipient', 'sender'])
            and (state in ('waiting_contact', 'queued') and deadline <= $1 or state = 'sending' and lease_until < $1)
        """,
        now,
    )
    return records

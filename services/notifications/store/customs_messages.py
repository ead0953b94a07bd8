"""Messages of table message that tell of customs: apart, for the release before has no words for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifications.domain.facts import Due
from services.notifications.domain.milestones import Milestone
from services.notifications.store.messages import Claimed, message_of
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class CustomsIntent:
    """A message to the addressee of an item from abroad, written for the phone known since a version."""

    message_id: UUID
    item_number: str
    milestone: Milestone
    news_no: int
    for_since: int
    office: str | None
    occurred_at: datetime
    traceparent: str
    deadline: datetime


async def add(tx: Tx, intents: Sequence[CustomsIntent], now: datetime) -> int:
    """Queue intents; one that is there already changes nothing. Returns how many were new."""
    status = await tx.execute(
        """
        insert into message (message_id, customs_item, milestone, news_no, for_since, audience, office, occurred_at,
            traceparent, state, created_at, not_before, deadline)
        select message_id, item_number, milestone, news_no, for_since, 'addressee', office, occurred_at, traceparent,
            'queued', $10, $10, deadline
        from unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::timestamptz[],
                $8::text[], $9::timestamptz[])
            as i (message_id, item_number, milestone, news_no, for_since, office, occurred_at, traceparent, deadline)
        order by item_number, milestone, news_no, for_since
        on conflict (customs_item, milestone, news_no, for_since) where customs_item is not null do nothing
        """,
        [intent.message_id for intent in intents],
        [intent.item_number for intent in intents],
        [intent.milestone for intent in intents],
        [intent.news_no for intent in intents],
        [intent.for_since for intent in intents],
        [intent.office for intent in intents],
        [intent.occurred_at for intent in intents],
        [intent.traceparent for intent in intents],
        [intent.deadline for intent in intents],
        now,
    )
    return int(status.split()[-1])


async def claim(tx: Tx, limit: int, now: datetime, lease_until: datetime) -> list[Claimed]:
    """Take the longest due of these messages for one sender, choose their channel and open their attempts; locks them.

    Each tells what is so now: none goes once customs let go of the item, or asks for these papers no more, nor for an
    amount that is paid, or that the phone was told last.
    """
    records = await tx.fetch(
        """
        with due as (
            select m.message_id, r.phone, r.phone_since, r.language, r.name as recipient, l.chat, p.wanted,
                coalesce(s.name, '') as sender, d.amount_minor, d.currency
            from message m
            join contact r on r.item_number = m.customs_item and r.audience = 'recipient' and r.phone <> ''
            left join contact s on s.item_number = m.customs_item and s.audience = 'sender'
            left join customs_stay t on t.item_number = m.customs_item and t.at_customs
            left join asked_papers p on p.item_number = m.customs_item and p.wanted is not null
            left join charges d on d.item_number = m.customs_item and d.amount_minor is not null
            left join telegram_link l on l.phone = r.phone
            left join lateral (
                select o.told_minor, o.told_currency from message o
                where (o.item_number = m.customs_item and o.milestone = 'ready_for_collection'
                        or o.customs_item = m.customs_item and o.milestone = 'charges')
                    and o.message_id <> m.message_id and o.told_since = r.phone_since and o.attempts > 0
                order by o.message_id desc limit 1
            ) as spoken on true
            where m.state = 'queued' and m.customs_item is not null and m.not_before <= $1 and m.deadline > $1
                and not exists (
                    select 1 from message o
                    where o.customs_item = m.customs_item and o.milestone = m.milestone and o.news_no = m.news_no
                        and o.message_id <> m.message_id and o.told_since = r.phone_since
                )
                and case m.milestone
                    when 'at_customs' then t.journey_no = m.news_no
                    when 'papers_asked' then p.asked_version = m.news_no
                    else (d.amount_minor > 0 or spoken.told_minor > 0)
                        and (d.amount_minor, d.currency) is distinct from (spoken.told_minor, spoken.told_currency)
                    end
            order by m.not_before, m.message_id limit $2
            for update of m skip locked
        ), claimed as (
            update message m
            set state = 'sending',
                channel = case when due.chat is null or m.channel = 'sms' then 'sms' else 'telegram' end,
                attempts = m.attempts + 1, lease_until = $3, told_since = due.phone_since,
                told_minor = coalesce(due.amount_minor, 0), told_currency = due.currency
            from due where m.message_id = due.message_id
            returning m.message_id, m.customs_item as item_number, m.milestone, m.audience, m.state, m.channel,
                m.attempts, m.not_before, m.deadline, m.traceparent, m.office, m.occurred_at
        ), opened as (
            insert into attempt (message_id, attempt_no, channel, started_at)
            select message_id, attempts, channel, $1 from claimed
        )
        select c.message_id, c.item_number, c.milestone, c.audience, c.state, c.channel, c.attempts, c.not_before,
            c.deadline, c.traceparent, c.office, c.occurred_at, d.sender, d.recipient, d.phone,
            d.language, d.chat, d.amount_minor, d.currency, d.wanted
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
            collecting_office=None,
            door_delivery=False,
            occurred_at=record["occurred_at"],
            due=Due(record["amount_minor"], record["currency"]) if record["currency"] else None,
            nothing_due=record["amount_minor"] == 0,
            papers=record["wanted"] or "",
        )
        for record in records
    ]

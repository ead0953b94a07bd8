"""Table customs_news: whose addressee is perhaps to be told something of customs, and what is known of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import asyncpg

from services.notifications.domain.customs_news import Amount, News, Spoken, Standing
from services.notifications.domain.facts import Due
from services.notifications.domain.milestones import Milestone
from shared.db.connection import Tx


async def note(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Note items of which something is known that customs did. Whoever looks at one is waited for: it saw less."""
    await tx.execute(
        """
        insert into customs_news (item_number)
        select item_number from unnest($1::text[]) as told (item_number)
        where exists (select from charges where charges.item_number = told.item_number)
            or exists (
                select from asked_papers where asked_papers.item_number = told.item_number and wanted is not null
            )
            or exists (select from customs_stay where customs_stay.item_number = told.item_number and at_customs)
        order by item_number
        on conflict (item_number) do update set item_number = excluded.item_number
        """,
        sorted(set(item_numbers)),
    )


async def take(tx: Tx, limit: int) -> tuple[list[str], list[Standing]]:
    """Return noted items, locked, and what is known where the addressee has a phone; skips what others hold."""
    taken = await tx.fetch(
        "select item_number from customs_news order by item_number limit $1 for update skip locked", limit
    )
    numbers = [record["item_number"] for record in taken]
    return numbers, await _standings(tx, numbers) if numbers else []


async def drop(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Delete what was looked at."""
    await tx.execute("delete from customs_news where item_number = any($1::text[])", item_numbers)


async def _standings(tx: Tx, item_numbers: Sequence[str]) -> list[Standing]:
    records = await tx.fetch(
        """
        select r.item_number, r.phone_since, last.milestone as last_told,
            last.office as last_office, last.occurred_at as last_occurred_at,
            t.journey_no as stay_no, t.told_at as stay_told_at, t.office as stay_office,
            t.occurred_at as stay_occurred_at, coalesce(stay.is_told, false) as stay_is_told,
            coalesce(stay.is_open, false) as stay_is_open,
            p.asked_version as papers_no, p.told_at as papers_told_at,
            coalesce(papers.is_told, false) as papers_is_told, coalesce(papers.is_open, false) as papers_is_open,
            d.version as charges_no, d.told_at as charges_told_at, d.amount_minor, d.currency,
            spoken.message_id is not null as spoke, spoken.told_minor, spoken.told_currency,
            coalesce(d.heard_at > spoken.ended_at, false) as spoken_is_older,
            exists (
                select from message o where o.state in ('waiting_contact', 'queued', 'sending')
                    and (o.item_number = r.item_number and o.audience = 'recipient'
                        or o.customs_item = r.item_number and o.milestone = 'charges')
            ) or exists (
                select from correction c where c.item_number = r.item_number and c.audience = 'recipient'
            ) as charges_is_open
        from contact r
        left join customs_stay t on t.item_number = r.item_number and t.at_customs
        left join asked_papers p on p.item_number = r.item_number and p.wanted is not null
        left join charges d on d.item_number = r.item_number and d.amount_minor is not null
        left join lateral (
            select milestone, office, occurred_at from message m
            where m.item_number = r.item_number and m.repeats is null
            order by m.journey_no desc, m.message_id desc limit 1
        ) as last on true
        left join lateral (
            select bool_or(o.told_since = r.phone_since) as is_told,
                bool_or(o.state in ('queued', 'sending')) as is_open
            from message o
            where o.customs_item = r.item_number and o.milestone = 'at_customs' and o.news_no = t.journey_no
        ) as stay on true
        left join lateral (
            select bool_or(o.told_since = r.phone_since) as is_told,
                bool_or(o.state in ('queued', 'sending')) as is_open
            from message o
            where o.customs_item = r.item_number and o.milestone = 'papers_asked' and o.news_no = p.asked_version
        ) as papers on true
        left join lateral (
            select o.message_id, o.told_minor, o.told_currency, o.ended_at from message o
            where (o.item_number = r.item_number and o.milestone = 'ready_for_collection'
                    or o.customs_item = r.item_number and o.milestone = 'charges')
                and coalesce(o.told_since, 0) = r.phone_since and o.attempts > 0
            order by o.message_id desc limit 1
        ) as spoken on true
        where r.item_number = any($1::text[]) and r.audience = 'recipient' and r.phone <> ''
        order by r.item_number
        """,
        item_numbers,
    )
    return [_standing(record) for record in records]


def _standing(record: asyncpg.Record) -> Standing:
    return Standing(
        item_number=record["item_number"],
        phone_since=record["phone_since"],
        last_told=Milestone(record["last_told"]) if record["last_told"] else None,
        stay=_news(record, "stay", record["stay_office"], record["stay_occurred_at"], record["stay_is_told"]),
        papers=_news(record, "papers", None, record["papers_told_at"], record["papers_is_told"]),
        charges=_news(record, "charges", record["last_office"], record["last_occurred_at"], _amount(record).is_told),
    )


def _news(
    record: asyncpg.Record, kind: str, office: str | None, occurred_at: datetime | None, is_told: bool
) -> News | None:
    """Return one kind of news; none of a kind that is not so, or that a release heard that kept no times."""
    if record[f"{kind}_no"] is None or record[f"{kind}_told_at"] is None or occurred_at is None:
        return None
    told_at, is_open = record[f"{kind}_told_at"], record[f"{kind}_is_open"]
    return News(record[f"{kind}_no"], told_at, office, occurred_at, is_told, is_open)


def _amount(record: asyncpg.Record) -> Amount:
    spoken = Spoken(
        due=_due(record["told_minor"], record["told_currency"]),
        is_recorded=record["told_minor"] is not None,
        is_older=record["spoken_is_older"],
    )
    return Amount(_due(record["amount_minor"], record["currency"]), spoken if record["spoke"] else None)


def _due(amount_minor: int | None, currency: Literal["KHR", "USD"] | None) -> Due | None:
    return Due(amount_minor, currency) if amount_minor and currency else None

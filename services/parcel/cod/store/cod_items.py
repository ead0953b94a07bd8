"""Table cod_item: what was collected, once an item."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.parcel.cod.domain.collection import CodItem
from shared.db.connection import Tx


async def add(tx: Tx, items: Sequence[CodItem]) -> None:
    """Insert what was collected now."""
    await tx.executemany(
        """
        insert into cod_item (item_number, holder, trader_id, office, amount_minor, currency, kept_minor, method,
            carrier, collected_at, collecting_office, entry_id, ready_at, promised_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        [
            (
                one.item_number,
                one.holder,
                one.trader_id,
                one.office,
                one.amount_minor,
                one.currency,
                one.kept_minor,
                one.method,
                one.carrier,
                one.collected_at,
                one.collecting_office,
                one.entry_id,
                one.ready_at,
                one.promised_on,
            )
            for one in items
        ],
    )


async def find(tx: Tx, item_numbers: Sequence[str]) -> dict[str, CodItem]:
    """Return what was collected for some items, by number; keeps it as it is until the transaction ends."""
    records = await tx.fetch(
        "select * from cod_item where item_number = any($1::text[]) order by item_number for update", item_numbers
    )
    return {record["item_number"]: _item(record) for record in records}


async def make_ready(tx: Tx, item_numbers: Sequence[str], ready_at: datetime, promised_on: date) -> None:
    """Note that the money of items is with the post now."""
    await tx.execute(
        """
        update cod_item set ready_at = $2, promised_on = $3
        where item_number = any($1::text[]) and ready_at is null
        """,
        item_numbers,
        ready_at,
        promised_on,
    )


async def hold_ready(tx: Tx, currency: str, until: datetime, limit: int) -> list[CodItem]:
    """Return what may be paid out and is in no payout, the longest there first; others do not get it meanwhile."""
    records = await tx.fetch(
        """
        select * from cod_item where ready_at <= $2 and payout_id is null and currency = $1
        order by ready_at, item_number limit $3 for update skip locked
        """,
        currency,
        until,
        limit,
    )
    return [_item(record) for record in records]


async def put_into(tx: Tx, item_numbers: Sequence[str], payout_id: UUID) -> None:
    """Note by which payout items are paid."""
    await tx.execute(
        "update cod_item set payout_id = $2 where item_number = any($1::text[]) and payout_id is null",
        item_numbers,
        payout_id,
    )


async def release(tx: Tx, batch_id: UUID) -> None:
    """Let the items of a batch be paid by another."""
    await tx.execute(
        """
        update cod_item set payout_id = null
        where payout_id in (select payout_id from cod_payout where batch_id = $1) and paid_at is null
        """,
        batch_id,
    )


async def of_payout(tx: Tx, payout_id: UUID) -> list[CodItem]:
    """Return the items of a payout."""
    records = await tx.fetch("select * from cod_item where payout_id = $1 order by item_number", payout_id)
    return [_item(record) for record in records]


async def offices_of_batch(tx: Tx, batch_id: UUID) -> list[str]:
    """Return the offices that collected what a batch pays out."""
    records = await tx.fetch(
        """
        select distinct collecting_office from cod_item join cod_payout using (payout_id) where batch_id = $1
        order by collecting_office
        """,
        batch_id,
    )
    return [record["collecting_office"] for record in records]


async def pay(tx: Tx, payout_id: UUID, paid_at: datetime) -> None:
    """Note that the items of a payout are paid."""
    await tx.execute("update cod_item set paid_at = $2 where payout_id = $1 and paid_at is null", payout_id, paid_at)


async def of_holder(tx: Tx, holder: str, since: datetime, until: datetime, limit: int) -> list[CodItem]:
    """Return what was collected for somebody within a span, the first first."""
    records = await tx.fetch(
        """
        select * from cod_item where holder = $1 and collected_at >= $2 and collected_at < $3
        order by collected_at, item_number limit $4
        """,
        holder,
        since,
        until,
        limit,
    )
    return [_item(record) for record in records]


async def owed(tx: Tx, after: tuple[datetime, str] | None, limit: int) -> list[CodItem]:
    """Return what was collected and is not with the post yet, the longest owed first."""
    records = await tx.fetch(
        """
        select * from cod_item where ready_at is null
          and ($1::timestamptz is null or (collected_at, item_number) > ($1, $2::text))
        order by collected_at, item_number limit $3
        """,
        *(after or (None, None)),
        limit,
    )
    return [_item(record) for record in records]


async def totals(tx: Tx) -> list[asyncpg.Record]:
    """Return by currency what was collected for senders, paid out, is held, and is owed by carriers and banks."""
    return list(
        await tx.fetch(
            """
            select currency,
                sum(amount_minor - kept_minor)::bigint as collected_minor,
                coalesce(sum(amount_minor - kept_minor) filter (where paid_at is not null), 0)::bigint as paid_minor,
                coalesce(sum(amount_minor - kept_minor)
                    filter (where ready_at is not null and paid_at is null), 0)::bigint as held_minor,
                coalesce(sum(amount_minor - kept_minor) filter (where ready_at is null), 0)::bigint as owed_minor
            from cod_item group by currency order by currency
            """
        )
    )


def _item(record: asyncpg.Record) -> CodItem:
    return CodItem(**dict(record))

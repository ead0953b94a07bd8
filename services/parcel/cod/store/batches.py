"""Tables cod_batch and cod_payout."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from services.parcel.cod.domain.payout import Batch, Payout
from shared.db.connection import Tx


async def add(tx: Tx, batch: Batch, payouts: Sequence[Payout]) -> None:
    """Insert a proposed batch with its payouts."""
    await tx.execute(
        "insert into cod_batch (batch_id, method, currency, proposed_by, proposed_at) values ($1, $2, $3, $4, $5)",
        batch.batch_id,
        batch.method,
        batch.currency,
        batch.proposed_by,
        batch.proposed_at,
    )
    await tx.executemany(
        """
        insert into cod_payout (payout_id, batch_id, holder, trader_id, office, amount_minor, currency, items,
            promised_on, code)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        [
            (
                one.payout_id,
                one.batch_id,
                one.holder,
                one.trader_id,
                one.office,
                one.amount_minor,
                one.currency,
                one.items,
                one.promised_on,
                one.code,
            )
            for one in payouts
        ],
    )


async def lock(tx: Tx, batch_id: UUID) -> Batch | None:
    """Return a batch, and keep others from deciding it until the transaction ends."""
    record = await tx.fetchrow("select * from cod_batch where batch_id = $1 for update", batch_id)
    return _batch(record) if record else None


async def some(tx: Tx, before: tuple[datetime, UUID] | None, limit: int) -> list[Batch]:
    """Return batches, the last first; those before one."""
    records = await tx.fetch(
        """
        select * from cod_batch where $1::timestamptz is null or (proposed_at, batch_id) < ($1, $2::uuid)
        order by proposed_at desc, batch_id desc limit $3
        """,
        *(before or (None, None)),
        limit,
    )
    return [_batch(record) for record in records]


async def decide(tx: Tx, batch: Batch) -> None:
    """Keep what became of a batch."""
    await tx.execute(
        "update cod_batch set approved_by = $2, approved_at = $3, rejected_at = $4, paid_at = $5 where batch_id = $1",
        batch.batch_id,
        batch.approved_by,
        batch.approved_at,
        batch.rejected_at,
        batch.paid_at,
    )


async def payouts_of(tx: Tx, batch_id: UUID) -> list[Payout]:
    """Return the payouts of a batch."""
    records = await tx.fetch("select * from cod_payout where batch_id = $1 order by payout_id", batch_id)
    return [_payout(record) for record in records]


async def lock_payout(tx: Tx, payout_id: UUID) -> Payout | None:
    """Return a payout, and keep others from paying it until the transaction ends."""
    record = await tx.fetchrow("select * from cod_payout where payout_id = $1 for update", payout_id)
    return _payout(record) if record else None


async def pay(tx: Tx, payout: Payout) -> None:
    """Note that a payout was paid, and why it was late if it was."""
    await tx.execute(
        "update cod_payout set paid_at = $2, late = $3, lateness = $4 where payout_id = $1 and paid_at is null",
        payout.payout_id,
        payout.paid_at,
        payout.late,
        payout.lateness,
    )


async def count_try(tx: Tx, payout_id: UUID) -> None:
    """Count a wrong code."""
    await tx.execute("update cod_payout set tries = tries + 1 where payout_id = $1", payout_id)


async def end_if_all_paid(tx: Tx, batch_id: UUID, paid_at: datetime) -> None:
    """Note that a batch is paid once each of its payouts is."""
    await tx.execute(
        """
        update cod_batch set paid_at = $2 where batch_id = $1 and paid_at is null
          and not exists (select from cod_payout where batch_id = $1 and cod_payout.paid_at is null)
        """,
        batch_id,
        paid_at,
    )


async def of_holder(tx: Tx, holder: str, since: datetime, until: datetime, limit: int) -> list[Payout]:
    """Return the payouts of somebody that were made within a span or wait for being made."""
    records = await tx.fetch(
        """
        select cod_payout.* from cod_payout join cod_batch using (batch_id)
        where holder = $1 and approved_at is not null
          and (cod_payout.paid_at is null or (cod_payout.paid_at >= $2 and cod_payout.paid_at < $3))
        order by payout_id limit $4
        """,
        holder,
        since,
        until,
        limit,
    )
    return [_payout(record) for record in records]


async def forget_lateness(tx: Tx, paid_before: datetime) -> int:
    """Forget why payouts came late that were made before some time; returns how many."""
    status = await tx.execute(
        "update cod_payout set lateness = null where paid_at < $1 and lateness is not null", paid_before
    )
    return int(str(status).rpartition(" ")[2])


def _batch(record: asyncpg.Record) -> Batch:
    return Batch(**dict(record))


def _payout(record: asyncpg.Record) -> Payout:
    return Payout(**dict(record))

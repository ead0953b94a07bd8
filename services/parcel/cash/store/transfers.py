"""Table cash_transfer."""

from datetime import datetime
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from services.parcel.cash.domain.transfer import Transfer
from services.parcel.pricing.domain.money import Amount
from shared.db.connection import Tx

_AMOUNTS = TypeAdapter(tuple[Amount, ...])


async def add(tx: Tx, transfer: Transfer) -> None:
    """Insert cash that is on its way."""
    await tx.execute(
        """
        insert into cash_transfer (transfer_id, from_office, to_office, sent, sent_at, sent_by)
        values ($1, $2, $3, $4, $5, $6)
        """,
        transfer.transfer_id,
        transfer.from_office,
        transfer.to_office,
        _AMOUNTS.dump_python(transfer.sent, mode="json"),
        transfer.sent_at,
        transfer.sent_by,
    )


async def lock(tx: Tx, transfer_id: UUID) -> Transfer | None:
    """Return a transfer, and keep others from receiving it until the transaction ends."""
    record = await tx.fetchrow(
        """
        select transfer_id, from_office, to_office, sent, sent_at, sent_by, received, received_at, received_by
        from cash_transfer where transfer_id = $1 for update
        """,
        transfer_id,
    )
    return _transfer(record) if record else None


async def receive(tx: Tx, transfer: Transfer) -> None:
    """Keep what was counted when it came."""
    await tx.execute(
        """
        update cash_transfer set received = $2, received_at = $3, received_by = $4
        where transfer_id = $1 and received_at is null
        """,
        transfer.transfer_id,
        _AMOUNTS.dump_python(transfer.received or (), mode="json"),
        transfer.received_at,
        transfer.received_by,
    )


async def of_office(tx: Tx, office: str, before: tuple[datetime, UUID] | None, limit: int) -> list[Transfer]:
    """Return what an office sent or is sent, the last first; those before one."""
    records = await tx.fetch(
        """
        select transfer_id, from_office, to_office, sent, sent_at, sent_by, received, received_at, received_by
        from cash_transfer where $1 in (from_office, to_office)
          and ($2::timestamptz is null or (sent_at, transfer_id) < ($2, $3::uuid))
        order by sent_at desc, transfer_id desc limit $4
        """,
        office,
        *(before or (None, None)),
        limit,
    )
    return [_transfer(record) for record in records]


def _transfer(record: asyncpg.Record) -> Transfer:
    amounts = {
        name: None if record[name] is None else _AMOUNTS.validate_python(record[name]) for name in ("sent", "received")
    }
    return Transfer(**dict(record) | amounts)

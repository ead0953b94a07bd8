"""Tables khqr_code and bank_line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.parcel.cod.domain.bank_statement import BankLine
from services.parcel.pricing.domain.money import Currency
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Shown:
    """A code that somebody was shown."""

    item_number: str
    payload: str
    amount_minor: int
    currency: Currency
    shown_at: datetime
    shown_by: str
    matched_at: datetime | None = None
    reference: str | None = None


async def show(tx: Tx, code: Shown) -> Shown:
    """Keep that a code was shown; shown before it stays as it was."""
    record = await tx.fetchrow(
        """
        insert into khqr_code as shown (item_number, payload, amount_minor, currency, shown_at, shown_by)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (item_number) do update set payload = shown.payload
        returning *
        """,
        code.item_number,
        code.payload,
        code.amount_minor,
        code.currency,
        code.shown_at,
        code.shown_by,
    )
    assert record is not None
    return _shown(record)


async def hold(tx: Tx, item_numbers: Sequence[str]) -> dict[str, Shown]:
    """Return codes by item, and keep others from matching them until the transaction ends."""
    records = await tx.fetch(
        "select * from khqr_code where item_number = any($1::text[]) order by item_number for update", item_numbers
    )
    return {record["item_number"]: _shown(record) for record in records}


async def match(tx: Tx, item_number: str, reference: str, matched_at: datetime) -> None:
    """Note that a bank's statement shows the payment of a code."""
    await tx.execute(
        "update khqr_code set matched_at = $3, reference = $2 where item_number = $1",
        item_number,
        reference,
        matched_at,
    )


async def add_lines(tx: Tx, lines: Sequence[BankLine], read_at: datetime) -> set[str]:
    """Keep the lines of a statement; returns the references of those that are new."""
    records = await tx.fetch(
        """
        insert into bank_line (reference, booked_on, bill_number, amount_minor, currency, read_at)
        select distinct on (reference) reference, booked_on, bill_number, amount_minor, currency, $6
        from unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::text[])
            as line (reference, booked_on, bill_number, amount_minor, currency)
        order by reference
        on conflict do nothing returning reference
        """,
        [line.reference for line in lines],
        [line.booked_on for line in lines],
        [line.bill_number for line in lines],
        [line.amount_minor for line in lines],
        [line.currency for line in lines],
        read_at,
    )
    return {record["reference"] for record in records}


async def note_trouble(tx: Tx, troubles: Sequence[tuple[str, str]]) -> None:
    """Note why lines matched no code."""
    await tx.executemany("update bank_line set trouble = $2 where reference = $1", troubles)


def _shown(record: asyncpg.Record) -> Shown:
    return Shown(**dict(record))

"""Table cash_drawer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from services.parcel.cash.domain.counting import Count
from services.parcel.cash.domain.drawer import Drawer
from shared.db.connection import Tx

_COUNTS = TypeAdapter(tuple[Count, ...])


async def add(tx: Tx, drawer: Drawer) -> None:
    """Insert an open drawer."""
    await tx.execute(
        "insert into cash_drawer (drawer_id, office, staff, device, opened_at) values ($1, $2, $3, $4, $5)",
        drawer.drawer_id,
        drawer.office,
        drawer.staff,
        drawer.device,
        drawer.opened_at,
    )


async def find(tx: Tx, drawer_id: UUID) -> Drawer | None:
    """Return a drawer."""
    record = await tx.fetchrow(
        """
        select drawer_id, office, staff, opened_at, device, closed_at, closed_by, counted, closing_entry_id,
            confirmed_at, confirmed_by
        from cash_drawer where drawer_id = $1
        """,
        drawer_id,
    )
    return _drawer(record) if record else None


async def of_holders(tx: Tx, holders: Sequence[str]) -> dict[str, Drawer]:
    """Return drawers by what names them in the ledger; one that is none is left out."""
    records = await tx.fetch(
        """
        select drawer_id, office, staff, opened_at, device, closed_at, closed_by, counted, closing_entry_id,
            confirmed_at, confirmed_by
        from cash_drawer where drawer_id::text = any($1::text[])
        """,
        holders,
    )
    return {str(record["drawer_id"]): _drawer(record) for record in records}


async def open_of(tx: Tx, office: str, staff: str) -> UUID | None:
    """Return the drawer that somebody has open at an office, the one opened last."""
    found: UUID | None = await tx.fetchval(
        """
        select drawer_id from cash_drawer where office = $1 and staff = $2 and closed_at is null
        order by opened_at desc limit 1
        """,
        office,
        staff,
    )
    return found


async def of_office(
    tx: Tx, office: str, staff: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Drawer]:
    """Return drawers of an office, or those of one person alone, the last opened first; those before one."""
    records = await tx.fetch(
        """
        select drawer_id, office, staff, opened_at, device, closed_at, closed_by, counted, closing_entry_id,
            confirmed_at, confirmed_by
        from cash_drawer where office = $1 and ($2::text is null or staff = $2)
          and ($3::timestamptz is null or (opened_at, drawer_id) < ($3, $4::uuid))
        order by opened_at desc, drawer_id desc limit $5
        """,
        office,
        staff,
        *(before or (None, None)),
        limit,
    )
    return [_drawer(record) for record in records]


async def of_span(tx: Tx, office: str, since: datetime, until: datetime) -> list[Drawer]:
    """Return the drawers of an office that were open within a span, the first opened first."""
    records = await tx.fetch(
        """
        select drawer_id, office, staff, opened_at, device, closed_at, closed_by, counted, closing_entry_id,
            confirmed_at, confirmed_by
        from cash_drawer where office = $1 and opened_at < $3 and (closed_at is null or closed_at >= $2)
        order by opened_at, drawer_id
        """,
        office,
        since,
        until,
    )
    return [_drawer(record) for record in records]


async def close(tx: Tx, drawer: Drawer) -> None:
    """Keep that a drawer was counted."""
    await tx.execute(
        """
        update cash_drawer set closed_at = $2, closed_by = $3, counted = $4, closing_entry_id = $5
        where drawer_id = $1 and closed_at is null
        """,
        drawer.drawer_id,
        drawer.closed_at,
        drawer.closed_by,
        _COUNTS.dump_python(drawer.counted, mode="json"),
        drawer.closing_entry_id,
    )


async def confirm(tx: Tx, drawer: Drawer) -> None:
    """Keep that a closing was confirmed."""
    await tx.execute(
        "update cash_drawer set confirmed_at = $2, confirmed_by = $3 where drawer_id = $1 and confirmed_at is null",
        drawer.drawer_id,
        drawer.confirmed_at,
        drawer.confirmed_by,
    )


def _drawer(record: asyncpg.Record) -> Drawer:
    return Drawer(**dict(record) | {"counted": _COUNTS.validate_python(record["counted"] or ())})

"""Table draft_import."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.parcel.imports.domain.draft_import import DraftImport, ImportState
from services.parcel.imports.domain.file_refused import Refusal
from services.parcel.imports.domain.row import Defaults
from services.parcel.posting.domain.person import Person
from shared.db.connection import Tx


async def add(tx: Tx, one: DraftImport) -> None:
    """Insert an import."""
    await tx.execute(
        """
        insert into draft_import (import_id, trader_id, office, file_name, defaults, made_by, made_at, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7)
        """,
        one.import_id,
        one.trader_id,
        one.office,
        one.file_name,
        asdict(one.defaults) | {"sender": one.defaults.sender.kept()},
        one.made_by,
        one.made_at,
    )


async def find(tx: Tx, import_id: UUID) -> DraftImport | None:
    """Return an import."""
    record = await tx.fetchrow(
        """
        select import_id, trader_id, office, file_name, defaults, made_by, made_at, changed_at, state, pieces, header,
            mapping, rows_read, portions_done, rows_done, announced, known, refused, refusal, sack_ids
        from draft_import where import_id = $1
        """,
        import_id,
    )
    return _import(record) if record else None


async def lock(tx: Tx, import_id: UUID) -> DraftImport | None:
    """Return an import and keep others from changing it until the transaction ends."""
    await tx.execute("select from draft_import where import_id = $1 for update", import_id)
    return await find(tx, import_id)


async def take_one(tx: Tx, state: ImportState, free_at: datetime) -> DraftImport | None:
    """Return the import that waits longest at a step and is nobody's, locked until the transaction ends."""
    record = await tx.fetchrow(
        """
        select import_id, trader_id, office, file_name, defaults, made_by, made_at, changed_at, state, pieces, header,
            mapping, rows_read, portions_done, rows_done, announced, known, refused, refusal, sack_ids
        from draft_import
        where state = $1 and state in ('reading', 'checking', 'importing')
          and (leased_until is null or leased_until < $2)
        order by changed_at limit 1 for update skip locked
        """,
        state.value,
        free_at,
    )
    return _import(record) if record else None


async def lease(tx: Tx, import_id: UUID, until: datetime) -> None:
    """Note until when an import is read by one process."""
    await tx.execute("update draft_import set leased_until = $2 where import_id = $1", import_id, until)


async def change(tx: Tx, one: DraftImport, now: datetime) -> None:
    """Keep how far an import has come; the caller holds it."""
    await tx.execute(
        """
        update draft_import set state = $2, changed_at = $3, leased_until = null, pieces = $4, header = $5,
            mapping = $6, rows_read = $7, portions_done = $8, rows_done = $9, announced = $10, known = $11,
            refused = $12, refusal = $13, sack_ids = $14
        where import_id = $1
        """,
        one.import_id,
        one.state.value,
        now,
        one.pieces,
        one.header,
        one.mapping,
        one.rows_read,
        one.portions_done,
        one.rows_done,
        one.announced,
        one.known,
        one.refused,
        one.refusal.value if one.refusal else None,
        one.sack_ids,
    )


async def of_trader(tx: Tx, trader_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[DraftImport]:
    """Return the imports of a shop, the last one first; those after a time and id."""
    records = await tx.fetch(
        """
        select import_id, trader_id, office, file_name, defaults, made_by, made_at, changed_at, state, pieces, header,
            mapping, rows_read, portions_done, rows_done, announced, known, refused, refusal, sack_ids
        from draft_import
        where trader_id = $1 and ($2::timestamptz is null or (made_at, import_id) < ($2, $3::uuid))
        order by made_at desc, import_id desc limit $4
        """,
        trader_id,
        *(after or (None, None)),
        limit,
    )
    return [_import(record) for record in records]


async def forget(tx: Tx, changed_before: datetime, limit: int) -> int:
    """Delete the imports that nobody went on with, and those that ended, with all that is kept of them."""
    status = await tx.execute(
        """
        with old as (
            select import_id from draft_import where changed_at < $1
            order by changed_at limit $2 for update skip locked
        )
        delete from draft_import using old where draft_import.import_id = old.import_id
        """,
        changed_before,
        limit,
    )
    return int(str(status).removeprefix("DELETE "))


async def count_open(tx: Tx, trader_id: UUID, since: timedelta) -> int:
    """Count the imports of a shop that are not at their end."""
    count: int = await tx.fetchval(
        """
        select count(*) from draft_import
        where trader_id = $1 and state not in ('done', 'refused', 'withdrawn') and made_at > now() - $2::interval
        """,
        trader_id,
        since,
    )
    return count


def _import(record: asyncpg.Record) -> DraftImport:
    values: dict[str, Any] = dict(record)
    defaults: dict[str, Any] = values["defaults"]
    values["defaults"] = Defaults(**defaults | {"sender": Person.of_kept(defaults["sender"])})
    values["state"] = ImportState(values["state"])
    values["refusal"] = Refusal(values["refusal"]) if values["refusal"] else None
    return DraftImport(**values)

"""Table draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.parcel.drafts.domain.announced import read_announced
from services.parcel.drafts.domain.draft import Draft, DraftSource, DraftState
from services.parcel.drafts.domain.outcome import KnownOrder
from shared.db.connection import Tx

COLUMNS = (
    "draft_id",
    "office",
    "serial",
    "trader_id",
    "sack_id",
    "source",
    "order_reference",
    "announced",
    "announced_sha256",
    "announced_by",
    "announced_at",
    "expires_at",
)


async def hold_orders(tx: Tx, trader_id: UUID) -> None:
    """Let nobody else announce for a shop until the transaction ends: an order is announced once."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('drafts of ' || $1, 0))", str(trader_id))


async def of_orders(tx: Tx, trader_id: UUID, order_references: Sequence[str]) -> dict[str, KnownOrder]:
    """Return the drafts of a shop, open or accepted, by their order reference."""
    records = await tx.fetch(
        """
        select draft_id, office, serial, trader_id, sack_id, source, order_reference, announced, announced_by,
            announced_at, expires_at, state, closed_at, item_number, announced_sha256
        from draft
        where trader_id = $1 and order_reference = any($2::text[]) and state in ('announced', 'accepted')
        """,
        trader_id,
        order_references,
    )
    return {one["order_reference"]: KnownOrder(_draft(one), one["announced_sha256"]) for one in records}


async def add(tx: Tx, drafts: Sequence[tuple[Draft, bytes, bytes]]) -> None:
    """Insert drafts, each with what it announces as JSON, written once, and the digest of that."""
    rows = [
        (
            draft.draft_id,
            draft.office,
            draft.serial,
            draft.trader_id,
            draft.sack_id,
            draft.source.value,
            draft.order_reference,
            orjson.Fragment(written),
            digest,
            draft.announced_by,
            draft.announced_at,
            draft.expires_at,
        )
        for draft, written, digest in drafts
    ]
    await tx.copy_records_to_table("draft", records=rows, columns=COLUMNS)


async def find(tx: Tx, draft_id: UUID) -> Draft | None:
    """Return a draft."""
    record = await tx.fetchrow(
        """
        select draft_id, office, serial, trader_id, sack_id, source, order_reference, announced, announced_by,
            announced_at, expires_at, state, closed_at, item_number
        from draft where draft_id = $1
        """,
        draft_id,
    )
    return _draft(record) if record else None


async def open_one(tx: Tx, office: str, serial: int) -> Draft | None:
    """Return the open draft that has a number at an office."""
    record = await tx.fetchrow(
        """
        select draft_id, office, serial, trader_id, sack_id, source, order_reference, announced, announced_by,
            announced_at, expires_at, state, closed_at, item_number
        from draft where office = $1 and serial = $2 and state = 'announced'
        """,
        office,
        serial,
    )
    return _draft(record) if record else None


async def lock(tx: Tx, draft_id: UUID) -> Draft | None:
    """Return a draft and keep others from changing it until the transaction ends."""
    await tx.execute("select from draft where draft_id = $1 for update", draft_id)
    return await find(tx, draft_id)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which drafts a list is to hold; None does not matter."""

    office: str | None = None
    trader_id: UUID | None = None
    state: DraftState | None = None
    sack_id: UUID | None = None
    order_reference: str | None = None
    serial: int | None = None


async def matching(tx: Tx, wanted: Filter, after: tuple[datetime, UUID] | None, limit: int) -> list[Draft]:
    """Return drafts, the last announced first; those after a time and id."""
    records = await tx.fetch(
        """
        select draft_id, office, serial, trader_id, sack_id, source, order_reference, announced, announced_by,
            announced_at, expires_at, state, closed_at, item_number
        from draft
        where ($1::text is null or office = $1) and ($2::uuid is null or trader_id = $2)
          and ($3::text is null or state = $3) and ($4::uuid is null or sack_id = $4)
          and ($5::text is null or order_reference = $5) and ($6::integer is null or serial = $6)
          and ($7::timestamptz is null or (announced_at, draft_id) < ($7, $8::uuid))
        order by announced_at desc, draft_id desc limit $9
        """,
        wanted.office,
        wanted.trader_id,
        wanted.state.value if wanted.state else None,
        wanted.sack_id,
        wanted.order_reference,
        wanted.serial,
        *(after or (None, None)),
        limit,
    )
    return [_draft(record) for record in records]


async def put_into(tx: Tx, sack_id: UUID, trader_id: UUID, office: str, draft_ids: Sequence[UUID]) -> int:
    """Put open drafts of a shop that are in no sack into one; returns how many."""
    status = await tx.execute(
        """
        update draft set sack_id = $1
        where draft_id = any($4::uuid[]) and trader_id = $2 and office = $3 and state = 'announced' and sack_id is null
        """,
        sack_id,
        trader_id,
        office,
        draft_ids,
    )
    return int(str(status).removeprefix("UPDATE "))


async def loose(tx: Tx, trader_id: UUID, office: str, limit: int) -> list[UUID]:
    """Return the open drafts of a shop for an office that are in no sack, the first announced first."""
    records = await tx.fetch(
        """
        select draft_id from draft
        where trader_id = $1 and office = $2 and state = 'announced' and sack_id is null
        order by announced_at, draft_id limit $3
        """,
        trader_id,
        office,
        limit,
    )
    return [record["draft_id"] for record in records]


async def of_sack(tx: Tx, sack_id: UUID) -> list[Draft]:
    """Return the drafts of a sack by their numbers."""
    records = await tx.fetch(
        """
        select draft_id, office, serial, trader_id, sack_id, source, order_reference, announced, announced_by,
            announced_at, expires_at, state, closed_at, item_number
        from draft where sack_id = $1 order by serial, draft_id
        """,
        sack_id,
    )
    return [_draft(record) for record in records]


async def close(tx: Tx, draft_id: UUID, state: DraftState, now: datetime, item_number: str | None = None) -> None:
    """Close a draft and forget its people."""
    await tx.execute(
        "update draft set state = $2, closed_at = $3, item_number = $4, announced = null where draft_id = $1",
        draft_id,
        state.value,
        now,
        item_number,
    )


async def expire(tx: Tx, now: datetime, limit: int) -> int:
    """Close the open drafts whose time is over, and forget their people; returns how many. Skips what others hold."""
    status = await tx.execute(
        """
        with over as (
            select draft_id from draft where state = 'announced' and expires_at <= $1
            order by expires_at limit $2 for update skip locked
        )
        update draft set state = 'expired', closed_at = $1, announced = null
        from over where draft.draft_id = over.draft_id
        """,
        now,
        limit,
    )
    return int(str(status).removeprefix("UPDATE "))


async def forget(tx: Tx, closed_before: datetime, limit: int) -> int:
    """Delete the drafts that were closed longest ago; returns how many. Skips what others hold."""
    status = await tx.execute(
        """
        with old as (
            select draft_id from draft where closed_at < $1 order by closed_at limit $2 for update skip locked
        )
        delete from draft using old where draft.draft_id = old.draft_id
        """,
        closed_before,
        limit,
    )
    return int(str(status).removeprefix("DELETE "))


async def count_of_visitors(tx: Tx, office: str, limit: int) -> int:
    """Count the open drafts of an office that visitors announced, up to a limit."""
    count: int = await tx.fetchval(
        """
        select count(*) from (
            select from draft where office = $1 and state = 'announced' and source = 'visitor' limit $2
        ) as waiting
        """,
        office,
        limit,
    )
    return count


def _draft(record: asyncpg.Record) -> Draft:
    values: dict[str, Any] = dict(record)
    values.pop("announced_sha256", None)
    values["source"], values["state"] = DraftSource(values["source"]), DraftState(values["state"])
    values["announced"] = read_announced(values["announced"])
    return Draft(**values)

"""Tables ledger_entry and ledger_posting: written once, and read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from services.parcel.cash.domain.accounts import Posting
from services.parcel.cash.domain.entry import Cause, Entry
from shared.db.connection import Tx


async def add(tx: Tx, entries: Sequence[Entry]) -> None:
    """Insert entries with their postings."""
    await tx.executemany(
        """
        insert into ledger_entry (office, sequence, entry_id, kind, cause_kind, cause_id, recorded_by, occurred_at,
            recorded_at, device, drawer_id, item_numbers, riel_per_usd, corrects, flags, words_sha256, previous_sha256,
            sha256)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """,
        [_row(entry) for entry in entries],
    )
    postings = [(entry, place, posting) for entry in entries for place, posting in enumerate(entry.postings)]
    await tx.execute(
        """
        insert into ledger_posting (office, sequence, place, account, holder, unit, quantity)
        select * from unnest($1::text[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::bigint[])
        """,
        [entry.office for entry, _, _ in postings],
        [entry.sequence for entry, _, _ in postings],
        [place for _, place, _ in postings],
        [posting.account for *_, posting in postings],
        [posting.holder for *_, posting in postings],
        [posting.unit for *_, posting in postings],
        [posting.quantity for *_, posting in postings],
    )


async def by_causes(tx: Tx, causes: Sequence[Cause]) -> dict[Cause, Entry]:
    """Return the entries that were made for some causes."""
    wanted = list(dict.fromkeys(causes))
    records = await tx.fetch(
        """
        select entry.* from ledger_entry as entry
        join unnest($1::text[], $2::text[]) as wanted (kind, id)
            on entry.cause_kind = wanted.kind and entry.cause_id = wanted.id
        """,
        [cause.kind for cause in wanted],
        [cause.id for cause in wanted],
    )
    return {entry.cause: entry for entry in await _with_postings(tx, records)}


async def find(tx: Tx, entry_id: UUID) -> Entry | None:
    """Return an entry."""
    records = await tx.fetch("select * from ledger_entry where entry_id = $1", entry_id)
    return next(iter(await _with_postings(tx, records)), None)


async def of_office(tx: Tx, office: str, after: int, limit: int, *, backward: bool = False) -> list[Entry]:
    """Return the entries of an office behind a sequence in the order of the chain, or before it and the last first."""
    if backward:
        records = await tx.fetch(
            "select * from ledger_entry where office = $1 and sequence < $2 order by sequence desc limit $3",
            office,
            after,
            limit,
        )
    else:
        records = await tx.fetch(
            "select * from ledger_entry where office = $1 and sequence > $2 order by sequence limit $3",
            office,
            after,
            limit,
        )
    return await _with_postings(tx, records)


async def of_drawer(tx: Tx, office: str, drawer_id: UUID, after: int, limit: int) -> list[Entry]:
    """Return the entries of a drawer behind a sequence of its office."""
    records = await tx.fetch(
        """
        select * from ledger_entry where drawer_id = $2 and office = $1 and sequence > $3 order by sequence limit $4
        """,
        office,
        drawer_id,
        after,
        limit,
    )
    return await _with_postings(tx, records)


async def corrections_of(tx: Tx, staff: str, after: tuple[datetime, UUID] | None, limit: int) -> list[Entry]:
    """Return the corrections of what somebody recorded, or of what is in a drawer of theirs, unless they saw them."""
    records = await tx.fetch(
        """
        select correction.* from ledger_entry as correction
        join ledger_entry as corrected on corrected.entry_id = correction.corrects
        left join cash_drawer as drawer on drawer.drawer_id = corrected.drawer_id
        where coalesce(drawer.staff, corrected.recorded_by) = $1
          and not exists (select from seen_correction as seen where seen.entry_id = correction.entry_id)
          and ($2::timestamptz is null or (correction.recorded_at, correction.entry_id) > ($2, $3::uuid))
        order by correction.recorded_at, correction.entry_id limit $4
        """,
        staff,
        *(after or (None, None)),
        limit,
    )
    return await _with_postings(tx, records)


async def concerned(tx: Tx, correction_id: UUID) -> str | None:
    """Return whose entry a correction corrects; None if there is no such correction."""
    staff: str | None = await tx.fetchval(
        """
        select coalesce(drawer.staff, corrected.recorded_by) from ledger_entry as correction
        join ledger_entry as corrected on corrected.entry_id = correction.corrects
        left join cash_drawer as drawer on drawer.drawer_id = corrected.drawer_id
        where correction.entry_id = $1
        """,
        correction_id,
    )
    return staff


async def correction_of(tx: Tx, entry_id: UUID) -> UUID | None:
    """Return the entry that corrects another."""
    found: UUID | None = await tx.fetchval("select entry_id from ledger_entry where corrects = $1", entry_id)
    return found


async def sums(tx: Tx, office: str, since: datetime, until: datetime) -> list[tuple[str, Posting]]:
    """Return what entries of a span added to each account, by their kind."""
    records = await tx.fetch(
        """
        select kind, account, holder, unit, sum(quantity)::bigint as quantity
        from ledger_entry join ledger_posting using (office, sequence)
        where office = $1 and recorded_at >= $2 and recorded_at < $3
        group by kind, account, holder, unit order by kind, account, holder, unit
        """,
        office,
        since,
        until,
    )
    return [(record["kind"], _posting(record)) for record in records]


async def of_items(tx: Tx, office: str, account: str, holder: str, item_numbers: Sequence[str]) -> dict[str, int]:
    """Return by unit what entries about single items added to an account of one holder."""
    records = await tx.fetch(
        """
        select unit, sum(quantity)::bigint as quantity
        from ledger_entry join ledger_posting using (office, sequence)
        where office = $1 and account = $2 and holder = $3
          and item_numbers && $4::text[] and cardinality(item_numbers) = 1
        group by unit
        """,
        office,
        account,
        holder,
        item_numbers,
    )
    return {record["unit"]: record["quantity"] for record in records if record["quantity"]}


async def last_before(tx: Tx, office: str, until: datetime) -> tuple[int, bytes] | None:
    """Return sequence and digest of the last entry of an office before some time."""
    record = await tx.fetchrow(
        """
        select sequence, sha256 from ledger_entry where office = $1 and recorded_at < $2
        order by recorded_at desc, sequence desc limit 1
        """,
        office,
        until,
    )
    return (record["sequence"], record["sha256"]) if record else None


async def strays(tx: Tx) -> list[str]:
    """Return the offices that have entries and no chain."""
    records = await tx.fetch(
        """
        select distinct office from ledger_entry
        where not exists (select from ledger_chain where ledger_chain.office = ledger_entry.office)
        order by office
        """
    )
    return [record["office"] for record in records]


async def _with_postings(tx: Tx, records: Sequence[asyncpg.Record]) -> list[Entry]:
    """Return entries in the order of their rows."""
    found = await tx.fetch(
        """
        select office, sequence, account, holder, unit, quantity from ledger_posting
        join unnest($1::text[], $2::bigint[]) as wanted (office, sequence) using (office, sequence)
        order by office, sequence, place
        """,
        [record["office"] for record in records],
        [record["sequence"] for record in records],
    )
    postings: dict[tuple[str, int], list[Posting]] = {}
    for one in found:
        postings.setdefault((one["office"], one["sequence"]), []).append(_posting(one))
    return [_entry(record, tuple(postings.get((record["office"], record["sequence"]), ()))) for record in records]


def _posting(record: asyncpg.Record) -> Posting:
    return Posting(record["account"], record["quantity"], record["unit"], record["holder"])


def _entry(record: asyncpg.Record, postings: tuple[Posting, ...]) -> Entry:
    return Entry(
        office=record["office"],
        sequence=record["sequence"],
        entry_id=record["entry_id"],
        kind=record["kind"],
        cause=Cause(record["cause_kind"], record["cause_id"]),
        recorded_by=record["recorded_by"],
        occurred_at=record["occurred_at"],
        recorded_at=record["recorded_at"],
        postings=postings,
        previous_sha256=record["previous_sha256"],
        sha256=record["sha256"],
        device=record["device"],
        drawer_id=record["drawer_id"],
        item_numbers=tuple(record["item_numbers"]),
        riel_per_usd=record["riel_per_usd"],
        corrects=record["corrects"],
        flags=tuple(record["flags"]),
        words_sha256=record["words_sha256"],
    )


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        entry.office,
        entry.sequence,
        entry.entry_id,
        entry.kind,
        entry.cause.kind,
        entry.cause.id,
        entry.recorded_by,
        entry.occurred_at,
        entry.recorded_at,
        entry.device,
        entry.drawer_id,
        list(entry.item_numbers),
        entry.riel_per_usd,
        entry.corrects,
        list(entry.flags),
        entry.words_sha256,
        entry.previous_sha256,
        entry.sha256,
    )

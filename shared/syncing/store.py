"""Tables synced_device and synced_record, the same in the database of each service that takes records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record as Row

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a record; `written` is kept of those alone that were set aside."""

    device_id: UUID
    sha256: bytes
    sequence: int | None
    record_id: UUID | None
    received_at: datetime
    clock_ahead_ms: int
    """How far the device's clock was ahead when it sent, beside the drift that the record carries."""
    set_aside: bool
    problem: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    flags: Sequence[str]
    written: str | None
    kind: str | None = None
    staff: str | None = None
    pass_id: UUID | None = None
    bundle_id: str | None = None
    recorded_at: datetime | None = None
    drift_ms: int | None = None


COLUMNS = tuple(field.name for field in fields(Kept))


async def lock(tx: Tx, device_id: UUID) -> int:
    """Return the last sequence taken from a device; keeps others from taking more of it until the transaction ends."""
    await tx.execute(
        "insert into synced_device (device_id, last_sequence) values ($1, 0) on conflict do nothing", device_id
    )
    last: int = await tx.fetchval("select last_sequence from synced_device where device_id = $1 for update", device_id)
    return last


async def advance(tx: Tx, device_id: UUID, last_sequence: int, received_at: datetime, clock_ahead_ms: int) -> None:
    """Note how far a device has sent, and how its clock went; the caller holds it."""
    await tx.execute(
        """
        update synced_device set last_sequence = $2, received_at = $3, clock_ahead_ms = $4 where device_id = $1
        """,
        device_id,
        last_sequence,
        received_at,
        clock_ahead_ms,
    )


async def of_digests(tx: Tx, device_id: UUID, digests: Sequence[bytes]) -> dict[bytes, Kept]:
    """Return those of a device's records that are known, by digest."""
    rows = await tx.fetch(
        """
        select device_id, sha256, sequence, record_id, kind, staff, pass_id, bundle_id, recorded_at, drift_ms,
            received_at, clock_ahead_ms, set_aside, problem, result, flags, written
        from synced_record where device_id = $1 and sha256 = any($2::bytea[])
        """,
        device_id,
        digests,
    )
    return {row["sha256"]: _kept(row) for row in rows}


async def used_ids(tx: Tx, device_id: UUID, record_ids: Sequence[UUID]) -> set[UUID]:
    """Return those ids that records of a device which were not set aside have."""
    rows = await tx.fetch(
        """
        select record_id from synced_record
        where device_id = $1 and record_id = any($2::uuid[]) and not set_aside
        """,
        device_id,
        record_ids,
    )
    return {row["record_id"] for row in rows}


async def add(tx: Tx, kept: Sequence[Kept]) -> None:
    """Keep what became of records; the caller holds their device and knows that they are new."""
    await tx.copy_records_to_table(
        "synced_record", records=[tuple(getattr(one, name) for name in COLUMNS) for one in kept], columns=COLUMNS
    )


async def page(tx: Tx, device_id: UUID, after: tuple[bool, int], limit: int) -> list[tuple[int, Kept]]:
    """Return records of a device behind a place: what was set aside first, the last received first."""
    rows = await tx.fetch(
        """
        select id, device_id, sha256, sequence, record_id, kind, staff, pass_id, bundle_id, recorded_at, drift_ms,
            received_at, clock_ahead_ms, set_aside, problem, result, flags, written
        from synced_record where device_id = $1 and (set_aside, id) < ($2, $3)
        order by set_aside desc, id desc limit $4
        """,
        device_id,
        *after,
        limit,
    )
    return [(row["id"], _kept(row)) for row in rows]


async def forget_written(tx: Tx, before: datetime) -> int:
    """Forget the bytes of what was set aside and came before a time; returns of how many records."""
    status: str = await tx.execute(
        "update synced_record set written = null where written is not null and received_at < $1", before
    )
    return int(status.rpartition(" ")[2])


def _kept(row: Row) -> Kept:
    return Kept(**{name: row[name] for name in COLUMNS})

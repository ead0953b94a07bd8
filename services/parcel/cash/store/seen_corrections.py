"""Table seen_correction."""

from datetime import datetime
from uuid import UUID

from shared.db.connection import Tx


async def add(tx: Tx, entry_id: UUID, seen_by: str, seen_at: datetime) -> None:
    """Keep that somebody has seen a correction; seen before stays so."""
    await tx.execute(
        "insert into seen_correction (entry_id, seen_by, seen_at) values ($1, $2, $3) on conflict do nothing",
        entry_id,
        seen_by,
        seen_at,
    )


async def seen_at(tx: Tx, entry_id: UUID) -> datetime | None:
    """Return when a correction was seen."""
    found: datetime | None = await tx.fetchval("select seen_at from seen_correction where entry_id = $1", entry_id)
    return found

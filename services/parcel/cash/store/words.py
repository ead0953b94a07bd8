"""Table ledger_words: why somebody made an entry, until it is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from shared.db.connection import Tx


class Kept(NamedTuple):
    """Words beside an entry, and the salt of their digest."""

    entry_id: UUID
    salt: bytes
    words: str
    kept_at: datetime


async def add(tx: Tx, kept: Sequence[Kept]) -> None:
    """Keep words."""
    if kept:
        await tx.executemany("insert into ledger_words (entry_id, salt, words, kept_at) values ($1, $2, $3, $4)", kept)


async def of_entries(tx: Tx, entry_ids: Sequence[UUID]) -> dict[UUID, Kept]:
    """Return the words beside entries, by entry."""
    records = await tx.fetch(
        "select entry_id, salt, words, kept_at from ledger_words where entry_id = any($1::uuid[])", entry_ids
    )
    return {record["entry_id"]: Kept(*record) for record in records}


async def forget(tx: Tx, kept_before: datetime, limit: int) -> int:
    """Forget the words that were kept before some time; returns how many."""
    status = await tx.execute(
        """
        delete from ledger_words where entry_id in (
            select entry_id from ledger_words where kept_at < $1 order by kept_at limit $2 for update skip locked
        )
        """,
        kept_before,
        limit,
    )
    return int(str(status).rpartition(" ")[2])

"""Stand-ins for the statements of shared/messaging: outbox, inbox, dead letters."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from shared.messaging.dead_letters import Letter
from shared.messaging.outbox import Row, Unsent
from tests.model.server import Transaction, statement

DAY = date(2026, 3, 2)


def add_to_outbox(tx: Transaction, rows: Sequence[Row]) -> None:
    """Insert rows in their order, each with the next number."""
    for row in rows:
        row_id = tx.server.next_id()
        tx.put("outbox", row_id, {"id": row_id, "row": row, "sent": False})


@statement
async def insert(tx: Transaction, rows: Sequence[Row]) -> None:
    add_to_outbox(tx, rows)


@statement
async def unsent(tx: Transaction, after_id: int, limit: int, but: Sequence[int] = ()) -> list[Unsent]:
    left_out, seen = set(but), tx.server.snapshot()
    waiting = sorted(
        key for key, row in tx.rows("outbox") if not row["sent"] and row["id"] > after_id and row["id"] not in left_out
    )
    found = [tx.get("outbox", row_id) or {} for row_id in waiting[:limit]]
    return [Unsent(row["id"], DAY, row["row"], seen.oldest, seen.following) for row in found]


@statement
async def mark_sent(tx: Transaction, rows: Sequence[Unsent]) -> None:
    for row in rows:
        await _set_sent(tx, row.id, sent=True)


@statement
async def make_unsent(tx: Transaction, since: datetime, until: datetime, topics: Sequence[str]) -> int:
    sent = [row["id"] for _, row in tx.rows("outbox") if row["sent"] and row["row"].topic in topics]
    for row_id in sent:
        await _set_sent(tx, row_id, sent=False)
    return len(sent)


async def _set_sent(tx: Transaction, row_id: int, *, sent: bool) -> None:
    await tx.lock("outbox", row_id)
    if found := tx.get("outbox", row_id):
        tx.put("outbox", row_id, {**found, "sent": sent})


@statement
async def keep_new(tx: Transaction, event_ids: Sequence[UUID]) -> set[UUID]:
    return {event_id for event_id in sorted(event_ids) if await tx.insert("inbox", event_id, {"id": event_id})}


@statement
async def park(tx: Transaction, letter: Letter, reason: str) -> bool:
    place = (letter.topic, letter.partition, letter.offset)
    return await tx.insert("dead_letter", place, {"letter": letter, "reason": reason})

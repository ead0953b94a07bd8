"""Dead letters: events that could not be applied, kept with bytes, reason and trace until a person decides."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import asyncpg

from shared.db.connection import Tx


class State(StrEnum):
    """What became of a dead letter."""

    PARKED = "parked"
    REPLAYING = "replaying"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Letter:
    """A record as it came from the topic; sealed payloads stay sealed."""

    topic: str
    partition: int
    offset: int
    key: str | None
    type: str | None
    event_id: UUID | None
    headers: dict[str, str]
    payload: bytes


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A parked record: why, since when, and what became of it."""

    id: int
    letter: Letter
    reason: str
    traceparent: str | None
    state: State
    parked_at: datetime


async def park(tx: Tx, letter: Letter, reason: str) -> bool:
    """Put a record aside; returns False if it is aside already."""
    status = await tx.execute(
        """
        insert into dead_letter (topic, partition, kafka_offset, key, type, event_id, headers, payload,
            payload_sha256, reason, traceparent)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing
        """,
        letter.topic,
        letter.partition,
        letter.offset,
        letter.key,
        letter.type,
        letter.event_id,
        letter.headers,
        letter.payload,
        hashlib.sha256(letter.payload).digest(),
        reason,
        letter.headers.get("traceparent"),
    )
    return str(status) == "INSERT 0 1"


async def in_states(tx: Tx, states: Sequence[State], limit: int = 100) -> list[DeadLetter]:
    """Return the oldest dead letters that are in one of these states."""
    records = await tx.fetch(
        """
        select id, topic, partition, kafka_offset, key, type, event_id, headers, payload, reason, traceparent,
            state, parked_at
        from dead_letter where state = any($1::text[]) order by id limit $2
        """,
        [str(state) for state in states],
        limit,
    )
    return [_dead_letter(record) for record in records]


async def find(tx: Tx, letter_id: int) -> DeadLetter | None:
    """Return one dead letter, or None."""
    record = await tx.fetchrow(
        """
        select id, topic, partition, kafka_offset, key, type, event_id, headers, payload, reason, traceparent,
            state, parked_at
        from dead_letter where id = $1
        """,
        letter_id,
    )
    return None if record is None else _dead_letter(record)


async def change_state(tx: Tx, letter_ids: Sequence[int], before: Sequence[State], after: State) -> int:
    """Move dead letters on; returns how many were in one of the states before."""
    status = await tx.execute(
        """
        update dead_letter set state = $3, changed_at = now()
        where id = any($1::bigint[]) and state = any($2::text[])
        """,
        letter_ids,
        [str(state) for state in before],
        str(after),
    )
    return int(status.split()[-1])


async def give_reason(tx: Tx, letter_id: int, reason: str) -> None:
    """Park a letter again whose replay failed, with the new reason."""
    await tx.execute(
        "update dead_letter set state = 'parked', reason = $2, changed_at = now() where id = $1", letter_id, reason
    )


async def count_open(tx: Tx) -> int:
    """Return how many dead letters wait for a person."""
    return int(await tx.fetchval("select count(*) from dead_letter where state in ('parked', 'replaying')"))


def _dead_letter(record: asyncpg.Record) -> DeadLetter:
    letter = Letter(
        record["topic"],
        record["partition"],
        record["kafka_offset"],
        record["key"],
        record["type"],
        record["event_id"],
        record["headers"],
        record["payload"],
    )
    state = State(record["state"])
    return DeadLetter(record["id"], letter, record["reason"], record["traceparent"], state, record["parked_at"])

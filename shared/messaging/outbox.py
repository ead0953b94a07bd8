"""The outbox: events are written beside the change they tell of, and go out after it is committed."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from shared import clock, trace
from shared.contracts.envelope import Event
from shared.db.connection import Tx
from shared.ids import new_id
from shared.sealing import KeyRing

LARGEST_PAYLOAD_BYTES = 900_000
"""Below the broker's limit for a message, so that a row that cannot be sent is never written."""


TOMBSTONE = "tombstone"
"""Type of a row that carries nothing: a compacted topic forgets the key."""


class Row(NamedTuple):
    """One event as it stands in the outbox and travels to the topic; the fields are named as the columns."""

    event_id: UUID
    topic: str
    key: str
    type: str
    event_time: datetime
    traceparent: str
    checksum: str
    payload: bytes


class Unsent(NamedTuple):
    """A row that waits for the relay, and where it stands."""

    id: int
    created_on: date
    row: Row
    oldest_transaction: int
    """Of the transactions that were under way when this was read; all before it had ended."""
    next_transaction: int
    """The one that will be the next to write; read outside of a transaction that has written itself."""


def checksum_of(event_type: str, event_id: str, key: str, payload: bytes) -> str:
    """Return the digest that shows damage anywhere between the outbox and a consumer."""
    return wire_checksum(event_type.encode(), event_id.encode(), key.encode(), payload).decode()


def wire_checksum(event_type: bytes, event_id: bytes, key: bytes, payload: bytes) -> bytes:
    """Return the same, of and as the bytes that travel."""
    digest = hashlib.sha256(b"%b\n%b\n%b\n" % (event_type, event_id, key))
    digest.update(payload)
    return digest.hexdigest()[:32].encode()


def bound_to(topic: str, key: str) -> str:
    """Return what sealed bytes are bound to, so that they open in their own place only."""
    return f"{topic}/{key}"


class Outbox:
    """The way out of one service; refuses events that belong to another."""

    def __init__(self, source: str, key_ring: KeyRing | None = None) -> None:
        self.source = source
        self.wake = asyncio.Event()
        self.told = 0
        self._key_ring = key_ring

    def row(self, event: Event) -> Row:
        """Turn an event into its row, sealed if its contract says so."""
        if event.owner != self.source:
            raise ValueError(f"{event.type} belongs to {event.owner}; {self.source} may not tell it")
        payload, key = event.model_dump_json().encode(), event.key
        if event.sealed:
            if self._key_ring is None:
                raise ValueError(f"{event.type} travels sealed and {self.source} has no key ring")
            payload = self._key_ring.seal(payload, bound_to(event.topic, key))
        if len(payload) > LARGEST_PAYLOAD_BYTES:
            raise ValueError(f"{event.type} of {len(payload)} bytes is larger than a message may be")
        checksum = checksum_of(event.type, str(event.event_id), key, payload)
        traceparent = trace.traceparent(key)
        return Row(event.event_id, event.topic, key, event.type, event.time, traceparent, checksum, payload)

    async def append(self, tx: Tx, events: Sequence[Event]) -> None:
        """Write events in order; the caller holds the row lock of what they are about."""
        if events:
            await insert(tx, [self.row(event) for event in events])
            self.tell(len(events))

    async def bury(self, tx: Tx, topic: str, keys: Sequence[str]) -> None:
        """Let a compacted topic forget keys; the caller holds the row lock of what they are about."""
        if not topic.startswith(f"{self.source}."):
            raise ValueError(f"{topic} does not belong to {self.source}")
        if keys:
            await insert(tx, [_tombstone(topic, key) for key in keys])
            self.tell(len(keys))

    def tell(self, count: int) -> None:
        """Wake the relay of this process for so many rows; `told` adds them up until it looks."""
        self.told += count
        self.wake.set()


def _tombstone(topic: str, key: str) -> Row:
    event_id = new_id()
    checksum = checksum_of(TOMBSTONE, str(event_id), key, b"")
    return Row(event_id, topic, key, TOMBSTONE, clock.now(), trace.traceparent(key), checksum, b"")


async def insert(tx: Tx, rows: Sequence[Row]) -> None:
    """Write rows in the order given."""
    await tx.copy_records_to_table("outbox", records=rows, columns=Row._fields)


async def unsent(tx: Tx, after_id: int, limit: int, but: Sequence[int] = ()) -> list[Unsent]:
    """Return the oldest rows not yet sent whose id is above `after_id`, but for some."""
    records = await tx.fetch(
        """
        select created_on, id, oldest, next, event_id, topic, key, type, event_time, traceparent, checksum, payload
        from (
            select * from outbox where sent_at is null and id > $1 and id <> all ($3::bigint[]) order by id limit $2
        ) as waiting cross join (
            -- Not xmax: behind the last transaction that ended there may be others under way, which have their ids.
            select oldest::text::bigint as oldest, oldest::text::bigint + age(oldest::xid) as next
            from pg_snapshot_xmin(pg_current_snapshot()) as oldest
        ) as transactions
        order by id
        """,
        after_id,
        limit,
        but,
    )
    return [
        Unsent(record["id"], record["created_on"], Row(*record[4:]), record["oldest"], record["next"])
        for record in records
    ]


async def mark_sent(tx: Tx, rows: Sequence[Unsent]) -> None:
    """Note that the broker has acknowledged these rows."""
    days = [row.created_on for row in rows]
    await tx.execute(
        "update outbox set sent_at = now() where created_on between $1 and $2 and id = any($3::bigint[])",
        min(days),
        max(days),
        [row.id for row in rows],
    )


async def backlog(tx: Tx) -> tuple[int, float]:
    """Return how many rows wait (counted up to 100,000) and the age of the oldest in seconds."""
    record = await tx.fetchrow(
        """
        select count(*) as rows, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age_s
        from (select created_at from outbox where sent_at is null order by id limit 100000) as waiting
        """
    )
    assert record is not None
    return record["rows"], record["age_s"]


async def make_unsent(tx: Tx, since: datetime, until: datetime, topics: Sequence[str]) -> int:
    """Have the relay send a range of rows again; returns how many."""
    status = await tx.execute(
        """
        update outbox set sent_at = null
        where created_on between ($1 at time zone 'utc')::date and ($2 at time zone 'utc')::date
          and created_at >= $1 and created_at < $2 and topic = any($3::text[]) and sent_at is not null
        """,
        since,
        until,
        topics,
    )
    return int(status.split()[-1])

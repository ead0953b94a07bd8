"""Table void_request."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import asyncpg

from services.parcel.pricing.domain.void_request import VoidRequest
from shared.db.connection import Tx


async def add(tx: Tx, request: VoidRequest) -> bool:
    """Insert a request; returns False if one of the parcel is open."""
    status = await tx.execute(
        """
        insert into void_request
            (request_id, item_number, office, kind, amount_minor, currency, reason, asked_by, asked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (item_number) where decision is null do nothing
        """,
        request.request_id,
        request.item_number,
        request.office,
        request.kind,
        request.amount_minor,
        request.currency,
        request.reason,
        request.asked_by,
        request.asked_at,
    )
    return str(status) == "INSERT 0 1"


async def lock(tx: Tx, request_id: UUID) -> VoidRequest | None:
    """Return a request and keep others from deciding it until the transaction ends."""
    record = await tx.fetchrow(
        """
        select request_id, item_number, office, kind, amount_minor, currency, reason, asked_by, asked_at, decided_by,
            decided_at, decision, note
        from void_request where request_id = $1 for update
        """,
        request_id,
    )
    return _request(record) if record else None


async def decide(tx: Tx, request: VoidRequest) -> None:
    """Write down what was decided."""
    await tx.execute(
        """
        update void_request set decided_by = $2, decided_at = $3, decision = $4, note = $5
        where request_id = $1 and decision is null
        """,
        request.request_id,
        request.decided_by,
        request.decided_at,
        request.decision,
        request.note,
    )


async def of_item(tx: Tx, item_number: str) -> list[VoidRequest]:
    """Return every request of a parcel, the first first."""
    records = await tx.fetch(
        """
        select request_id, item_number, office, kind, amount_minor, currency, reason, asked_by, asked_at, decided_by,
            decided_at, decision, note
        from void_request where item_number = $1 order by asked_at, request_id
        """,
        item_number,
    )
    return [_request(record) for record in records]


async def waiting(
    tx: Tx, offices: Collection[str] | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[VoidRequest]:
    """Return the requests of some offices that nobody has decided, of all offices for None, the oldest first.

    Those after a time and id.
    """
    records = await tx.fetch(
        """
        select request_id, item_number, office, kind, amount_minor, currency, reason, asked_by, asked_at, decided_by,
            decided_at, decision, note
        from void_request where decision is null and ($1::text[] is null or office = any($1))
          and ($2::timestamptz is null or (asked_at, request_id) > ($2, $3::uuid))
        order by asked_at, request_id limit $4
        """,
        None if offices is None else list(offices),
        *(after or (None, None)),
        limit,
    )
    return [_request(record) for record in records]


async def erase_words(tx: Tx, settled_before: datetime, now: datetime, limit: int) -> int:
    """Forget the reasons and notes of requests that were decided, or left open, before some time; returns how many."""
    status = await tx.execute(
        """
        update void_request set reason = '', note = null, erased_at = $2
        where request_id in (
            select request_id from void_request where coalesce(decided_at, asked_at) < $1 and erased_at is null
            order by coalesce(decided_at, asked_at) limit $3 for update skip locked
        )
        """,
        settled_before,
        now,
        limit,
    )
    return int(str(status).rpartition(" ")[2])


def _request(record: asyncpg.Record) -> VoidRequest:
    return VoidRequest(**dict(record))

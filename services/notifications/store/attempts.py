"""Table attempt: each send of a message, and what came back; opened by the claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Concluded:
    """The end of one attempt."""

    message_id: UUID
    attempt_no: int
    outcome: str
    provider_reference: str | None
    reason: str | None


async def conclude(tx: Tx, attempts: Sequence[Concluded], now: datetime) -> None:
    """Write how attempts ended; the first ending of an attempt stays."""
    await tx.execute(
        """
        update attempt a
        set ended_at = $6, outcome = c.outcome, provider_reference = c.provider_reference, reason = c.reason
        from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[])
            as c (message_id, attempt_no, outcome, provider_reference, reason)
        where a.message_id = c.message_id and a.attempt_no = c.attempt_no and a.ended_at is null
        """,
        [attempt.message_id for attempt in attempts],
        [attempt.attempt_no for attempt in attempts],
        [attempt.outcome for attempt in attempts],
        [attempt.provider_reference for attempt in attempts],
        [attempt.reason for attempt in attempts],
        now,
    )

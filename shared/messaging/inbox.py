"""The inbox: which events a service has applied already."""

from collections.abc import Sequence
from uuid import UUID

from shared.db.connection import Tx


async def keep_new(tx: Tx, event_ids: Sequence[UUID]) -> set[UUID]:
    """Record event ids in the transaction that applies them; returns those not seen before."""
    records = await tx.fetch(
        """
        insert into inbox (event_id) select event_id from unnest($1::uuid[]) as arrived (event_id)
        order by event_id on conflict do nothing returning event_id
        """,
        event_ids,
    )
    return {record["event_id"] for record in records}

"""A second person approves a batch of payouts, or rejects it."""

from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.parcel.cod.domain.payout import Batch, BatchNotFound
from services.parcel.cod.store import batches, cod_items
from shared.access.roles import Actor
from shared.db.connection import Tx


async def decide_batch(
    tx: Tx, actor: Actor, batch_id: UUID, decision: Literal["approved", "rejected"], now: datetime
) -> Batch:
    """Approve or reject a batch that somebody else proposed; what a rejected one held may be proposed again.

    Raises: BatchNotFound, BatchDecided, ProposedByYourself.
    """
    batch = await batches.lock(tx, batch_id)
    if batch is None:
        raise BatchNotFound
    batch.must_be_approvable_by(actor.id)
    if decision == "rejected":
        decided = replace(batch, rejected_at=now)
        await cod_items.release(tx, batch_id)
    else:
        decided = replace(batch, approved_by=actor.id, approved_at=now)
    await batches.decide(tx, decided)
    return decided

"""Somebody looks at payouts: batches, one with all its payouts, or the file that a bank takes."""

from datetime import datetime
from uuid import UUID

from services.parcel.cod.domain.payout import Batch, BatchNotFound, Payout
from services.parcel.cod.store import batches
from services.parcel.people.domain.trader import Payout as Way
from services.parcel.people.use_cases.find_payout_ways import find_payout_ways
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_batches(tx: Tx, before: tuple[datetime, UUID] | None, limit: int) -> list[Batch]:
    """Return batches, the last proposed first."""
    return await batches.some(tx, before, limit)


async def find_batch(tx: Tx, batch_id: UUID) -> tuple[Batch, list[Payout]]:
    """Return a batch and its payouts.

    Raises: BatchNotFound.
    """
    batch = await batches.lock(tx, batch_id)
    if batch is None:
        raise BatchNotFound
    return batch, await batches.payouts_of(tx, batch_id)


async def find_bank_file(tx: Tx, actor: Actor, batch_id: UUID) -> tuple[Batch, list[tuple[Payout, Way]]]:
    """Return an approved batch and where each payout goes; that the accounts were read is noted.

    Raises: BatchNotFound, BatchNotApproved.
    """
    batch, payouts = await find_batch(tx, batch_id)
    batch.must_be_sendable()
    ways = await find_payout_ways(tx, [one.trader_id for one in payouts if one.trader_id])
    await note_read(tx, actor, "payout accounts", subjects=sorted(ways))
    return batch, [(one, ways[one.trader_id][1]) for one in payouts if one.trader_id in ways]

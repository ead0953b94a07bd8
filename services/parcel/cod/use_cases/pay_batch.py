"""The bank has done what a batch asks for."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.cash.use_cases.hold_ledgers import hold_ledgers
from services.parcel.cod.domain.payout import Batch, BatchNotFound, PaidAtCounters
from services.parcel.cod.store import batches, cod_items
from services.parcel.cod.use_cases.pay_payout import pay_payout
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def pay_batch(tx: Tx, outbox: Outbox, actor: Actor, batch_id: UUID, lateness: str | None, now: datetime) -> Batch:
    """Book every payout of an approved batch as paid by bank or Bakong.

    Raises: BatchNotFound, BatchNotApproved, BatchDecided, PaidAtCounters, Invalid.
    """
    batch = await batches.lock(tx, batch_id)
    if batch is None:
        raise BatchNotFound
    batch.must_be_payable()
    if batch.method == "cash":
        raise PaidAtCounters
    await hold_ledgers(tx, await cod_items.offices_of_batch(tx, batch_id))
    for payout in await batches.payouts_of(tx, batch_id):
        await pay_payout(tx, outbox, actor, batch, payout, lateness, now)
    paid = replace(batch, paid_at=now)
    await batches.decide(tx, paid)
    return paid

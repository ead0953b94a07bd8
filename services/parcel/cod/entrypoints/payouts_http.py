"""Payouts over HTTP: proposed by one, approved by another, paid by file, by Bakong or at a counter."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, TypeAdapter

from services.parcel.cash.entrypoints.once import done_once
from services.parcel.cod.domain.payout import Batch, CodeRefused, Payout
from services.parcel.cod.entrypoints.bodies import (
    BatchDecisionBody,
    BatchView,
    BatchWithPayoutsView,
    CashPayoutBody,
    PaidBody,
    PayoutView,
    ProposalBody,
)
from services.parcel.cod.use_cases.decide_batch import decide_batch
from services.parcel.cod.use_cases.find_batches import find_bank_file, find_batch, find_batches
from services.parcel.cod.use_cases.pay_batch import pay_batch
from services.parcel.cod.use_cases.pay_in_cash import pay_in_cash
from services.parcel.cod.use_cases.propose_batch import propose_batch
from services.parcel.forms import IdempotencyKey, Serving
from services.parcel.pages import LINKED, Instant, Paged
from services.parcel.people.domain.trader import Payout as Way
from services.parcel.tables import BYTE_ORDER_MARK, Table, line
from shared import clock
from shared.access.roles import COUNTER, Actor, Role
from shared.db.connection import Tx
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/cod", tags=["cod"])

Administrator = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR))]
Looking = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR, Role.AUDITOR))]
Counter = Annotated[Actor, Depends(actor_with(*COUNTER))]
LAST_PROPOSED = TypeAdapter(tuple[Instant, UUID])
COLUMNS = ("payout_id", "account_kind", "account", "amount", "currency", "remark")
REMARK = "CTC Post COD"


@router.post("/batches", status_code=201, response_model=BatchWithPayoutsView)
async def propose(
    body: ProposalBody, actor: Administrator, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Propose to pay out all that is with the post, of those who want it one way, in one currency."""

    async def do(tx: Tx) -> BaseModel:
        batch, payouts = await propose_batch(tx, actor, body.method, body.currency, clock.now())
        log.info("payouts proposed", batch=str(batch.batch_id), payouts=len(payouts), actor=actor.id)
        return BatchWithPayoutsView.of(batch, payouts)

    return await done_once(service, actor, idempotency_key, "batch", body, do)


@router.get("/batches", responses=LINKED)
async def list_batches(
    _actor: Looking, service: Serving, page: Paged, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[BatchView]:
    """List batches, the last proposed first."""
    async with service.database.connection() as connection:
        found = await find_batches(connection, page.after(LAST_PROPOSED), limit)
    return page.show(found, BatchView.model_validate, LAST_PROPOSED, _place, limit)


@router.get("/batches/{batch_id}")
async def show_batch(batch_id: UUID, _actor: Looking, service: Serving) -> BatchWithPayoutsView:
    """Show a batch with its payouts."""
    async with service.database.transaction() as tx:
        return BatchWithPayoutsView.of(*await find_batch(tx, batch_id))


@router.post("/batches/{batch_id}/decision")
async def decide(batch_id: UUID, body: BatchDecisionBody, actor: Administrator, service: Serving) -> BatchView:
    """Approve or reject a batch that somebody else proposed."""
    async with service.database.transaction() as tx:
        batch = await decide_batch(tx, actor, batch_id, body.decision, clock.now())
    log.info("payouts decided", batch=str(batch_id), decision=body.decision, actor=actor.id)
    return BatchView.model_validate(batch)


@router.get("/batches/{batch_id}/file.csv", response_class=Table)
async def show_file(batch_id: UUID, actor: Looking, service: Serving) -> Response:
    """Give the file of an approved batch for the bank: where each payout goes."""
    async with service.database.transaction() as tx:
        batch, payouts = await find_bank_file(tx, actor, batch_id)
    rows = [line(COLUMNS), *(line(_row(payout, way)) for payout, way in payouts)]
    name = f"payouts-{batch.proposed_at.astimezone(clock.LOCAL):%Y-%m-%d}-{batch.method}.csv"
    return Response(
        (BYTE_ORDER_MARK + "".join(rows)).encode(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/batches/{batch_id}/paid")
async def note_paid(batch_id: UUID, body: PaidBody, actor: Administrator, service: Serving) -> BatchView:
    """Note that the bank paid an approved batch, and why late if it came after the promised day."""
    async with service.database.transaction() as tx:
        batch = await pay_batch(tx, service.outbox, actor, batch_id, body.lateness, clock.now())
    log.info("payouts paid", batch=str(batch_id), actor=actor.id)
    return BatchView.model_validate(batch)


@router.post("/payouts/{payout_id}/cash")
async def pay_at_counter(payout_id: UUID, body: CashPayoutBody, actor: Counter, service: Serving) -> PayoutView:
    """Pay a payout out of a drawer, against its code."""
    async with service.database.transaction() as tx:
        paid = await pay_in_cash(
            tx, service.outbox, actor, payout_id, body.drawer_id, body.code, body.lateness, clock.now()
        )
    # Raised behind the transaction, which keeps that the code was wrong.
    if isinstance(paid, CodeRefused):
        raise paid
    log.info("payout paid in cash", payout=str(payout_id), drawer=str(body.drawer_id), actor=actor.id)
    return PayoutView.model_validate(paid)


def _place(batch: Batch) -> tuple[datetime, UUID]:
    return batch.proposed_at, batch.batch_id


def _row(payout: Payout, way: Way) -> list[str]:
    whole = payout.amount_minor if payout.currency == "KHR" else f"{payout.amount_minor / 100:.2f}"
    return [str(payout.payout_id), way.kind, way.account or "", str(whole), payout.currency, REMARK]

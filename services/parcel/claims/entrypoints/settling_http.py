"""What becomes of claims over HTTP: proposed by one, decided by another, paid once, settled anew if it is found."""

from uuid import UUID

import structlog
from fastapi import APIRouter

from services.parcel.claims.entrypoints.bodies import (
    ClaimDecisionBody,
    ClaimPaymentBody,
    ClaimProposalBody,
    ClaimView,
    FoundLaterBody,
)
from services.parcel.claims.use_cases.decide_claim import decide_claim
from services.parcel.claims.use_cases.pay_claim import pay_claim
from services.parcel.claims.use_cases.propose_settlement import propose_settlement
from services.parcel.claims.use_cases.settle_found_item import settle_found_item
from services.parcel.forms import CounterStaff, Serving, Supervising
from shared import clock

log = structlog.get_logger()
router = APIRouter(prefix="/claims", tags=["claims"])


@router.post("/{claim_id}/proposal")
async def propose(claim_id: UUID, body: ClaimProposalBody, actor: Supervising, service: Serving) -> ClaimView:
    """Propose compensation, which the table reckons, or a refusal."""
    async with service.database.transaction() as tx:
        claim = await propose_settlement(tx, actor, claim_id, body.proposal(), clock.now())
    log.info("claim proposed", claim=str(claim_id), outcome=body.outcome, actor=actor.id)
    return ClaimView.of(claim, actor)


@router.post("/{claim_id}/decision")
async def decide(claim_id: UUID, body: ClaimDecisionBody, actor: Supervising, service: Serving) -> ClaimView:
    """Approve what somebody else proposed, or reject it, so that it is proposed anew."""
    async with service.database.transaction() as tx:
        claim = await decide_claim(tx, service.outbox, actor, claim_id, body.decision, body.note, clock.now())
    log.info("claim decided", claim=str(claim_id), decision=body.decision, actor=actor.id)
    return ClaimView.of(claim, actor)


@router.put("/{claim_id}/payment")
async def pay(claim_id: UUID, body: ClaimPaymentBody, actor: CounterStaff, service: Serving) -> ClaimView:
    """Pay what was granted out of a drawer, or note that the bank did; it is booked once."""
    async with service.database.transaction() as tx:
        claim = await pay_claim(tx, service.outbox, actor, claim_id, body.way(), clock.now())
    log.info("claim paid", claim=str(claim_id), method=body.method, actor=actor.id)
    return ClaimView.of(claim, actor)


@router.post("/{claim_id}/found-later")
async def settle_later(claim_id: UUID, body: FoundLaterBody, actor: CounterStaff, service: Serving) -> ClaimView:
    """Note of an item that was paid for and is found whether its claimant gives the money back, or keeps it."""
    async with service.database.transaction() as tx:
        claim = await settle_found_item(tx, service.outbox, actor, claim_id, body.outcome, body.way(), clock.now())
    log.info("claim settled later", claim=str(claim_id), outcome=body.outcome, actor=actor.id)
    return ClaimView.of(claim, actor)

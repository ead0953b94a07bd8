"""Enquiries over HTTP: asked at a counter or by a shop, answered by the holder, listed for whoever follows them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, TypeAdapter

from services.parcel.cash.entrypoints.once import done_once, must_be_office
from services.parcel.claims.domain.claim import Claim, State
from services.parcel.claims.entrypoints.bodies import AnswerBody, ClaimBody, ClaimClosingBody, ClaimStoryView, ClaimView
from services.parcel.claims.store.claims import Filter
from services.parcel.claims.use_cases.answer_enquiry import answer_enquiry
from services.parcel.claims.use_cases.close_claim import close_claim
from services.parcel.claims.use_cases.find_claims import find_claim, find_claims, find_claims_of_item
from services.parcel.claims.use_cases.open_claim import open_claim
from services.parcel.forms import CounterStaff, IdempotencyKey, OfficeCode, Serving
from services.parcel.pages import LINKED, Instant, Paged
from shared import clock
from shared.access.roles import COUNTER, STAFF, Actor, Role
from shared.access.scopes import Scope
from shared.db.connection import Tx
from shared.s10 import ItemNumber
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(tags=["claims"])

Asking = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.TRADER, scope=Scope.CLAIMS))]
Reading = Annotated[Actor, Depends(actor_with(*STAFF, Role.TRADER, scope=Scope.CLAIMS))]
LAST_OPENED = TypeAdapter(tuple[Instant, UUID])


@router.post("/parcels/{item_number}/claims", status_code=201, response_model=ClaimView)
async def ask(
    item_number: str, body: ClaimBody, actor: Asking, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Ask about an item, ours or from abroad; whoever had it last is to answer."""
    number = str(ItemNumber.parse(item_number))

    async def do(tx: Tx) -> BaseModel:
        claim = await open_claim(tx, service.outbox, actor, number, body.ground, body.claimant, body.note, clock.now())
        log.info("claim opened", claim=str(claim.claim_id), item_number=number, actor=actor.id)
        return ClaimView.of(claim, actor)

    return await done_once(service, actor, idempotency_key, f"{number} claim", body, do)


@router.get("/parcels/{item_number}/claims")
async def show_claims_of_item(item_number: str, actor: Reading, service: Serving) -> list[ClaimView]:
    """Return the claims about one item, the first first."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.transaction() as tx:
        return [ClaimView.of(claim, actor) for claim in await find_claims_of_item(tx, actor, number)]


@router.get("/claims", responses=LINKED)
async def list_claims(
    *,
    actor: Reading,
    service: Serving,
    page: Paged,
    office: OfficeCode | None = None,
    state: State | None = None,
    overdue: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[ClaimView]:
    """List claims that an office follows, is asked about or was; a shop its own; the oldest first.

    With `overdue` those whose holder should have answered.
    """
    wanted = Filter(
        office=None if actor.trader else office or actor.office,
        trader=actor.trader,
        state=state,
        overdue_on=clock.now().astimezone(clock.LOCAL).date() if overdue else None,
        after=page.after(LAST_OPENED),
    )
    async with service.database.connection() as connection:
        found = await find_claims(connection, actor, wanted, limit)
    return page.show(found, lambda claim: ClaimView.of(claim, actor), LAST_OPENED, _place, limit)


@router.get("/claims/{claim_id}")
async def show_claim(claim_id: UUID, actor: Reading, service: Serving) -> ClaimStoryView:
    """Show a claim with all that happened to it."""
    async with service.database.transaction() as tx:
        return ClaimStoryView.of_story(*await find_claim(tx, actor, claim_id), actor)


@router.post("/claims/{claim_id}/answer")
async def answer(claim_id: UUID, body: AnswerBody, actor: CounterStaff, service: Serving) -> ClaimView:
    """Say as its holder what was found; for a post abroad an administrator says what it wrote."""
    answered = body.answered()
    if answered.next_holder and answered.next_holder.office:
        must_be_office(service, answered.next_holder.office, "handed_to_code")
    async with service.database.transaction() as tx:
        claim = await answer_enquiry(tx, service.outbox, actor, claim_id, answered, body.note, clock.now())
    log.info("claim answered", claim=str(claim_id), answer=body.answer.value, actor=actor.id)
    return ClaimView.of(claim, actor)


@router.post("/claims/{claim_id}/closing")
async def close(claim_id: UUID, body: ClaimClosingBody, actor: Asking, service: Serving) -> ClaimView:
    """End a claim of which nothing is proposed: withdrawn, found, or asked twice."""
    async with service.database.transaction() as tx:
        claim = await close_claim(tx, service.outbox, actor, claim_id, body.closed_for, body.note, clock.now())
    log.info("claim closed", claim=str(claim_id), closed_for=body.closed_for, actor=actor.id)
    return ClaimView.of(claim, actor)


def _place(claim: Claim) -> tuple[datetime, UUID]:
    return claim.opened_at, claim.claim_id

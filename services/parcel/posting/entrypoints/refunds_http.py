"""Money back over HTTP: a counter asks, another person decides, both stay on record."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Response
from pydantic import ConfigDict, Field, TypeAdapter

from services.parcel.forms import AnyStaff, Body, CounterStaff, IdempotencyKey, OfficeCode, Serving, Text, View
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.pages import LINKED, Instant, Paged
from services.parcel.posting.use_cases.ask_for_money_back import ask_for_money_back
from services.parcel.posting.use_cases.find_money_back import find_money_back
from services.parcel.pricing.domain.money import Currency
from services.parcel.pricing.domain.void_request import DECIDING, Asked, Decision, Kind, State
from services.parcel.pricing.use_cases.decide_refund import decide_refund
from services.parcel.pricing.use_cases.find_waiting_refunds import find_waiting_refunds
from shared import clock
from shared.access.roles import Actor
from shared.s10 import ItemNumber
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(tags=["pricing"])

Deciding = Annotated[Actor, Depends(actor_with(*sorted(DECIDING)))]
OLDEST = TypeAdapter(tuple[Instant, UUID])


class RefundBody(Body):
    """What is to be given back; a void gives all that was paid."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "refund", "amount_minor": 1500, "reason": "Weighed wrongly."}]}
    )

    kind: Kind
    amount_minor: Annotated[int, Field(ge=0, le=1_000_000_000)]
    """Whole riel: postage is paid in riel."""
    reason: Text


class DecisionBody(Body):
    """What becomes of a request."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "granted", "note": "Weighed again."}]})

    decision: Decision
    note: Text | None = None


class RefundView(View):
    """A request, and what became of it."""

    request_id: UUID
    item_number: str
    office: str
    kind: Kind
    amount_minor: int
    currency: Currency
    reason: str
    asked_by: str
    asked_at: datetime
    state: State
    decided_by: str | None
    decided_at: datetime | None
    note: str | None


@router.post("/parcels/{item_number}/refunds", status_code=201, response_model=RefundView)
async def ask(
    item_number: str, body: RefundBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Ask that money be given back, with the reason; it is asked for until somebody else decides."""
    number = str(ItemNumber.parse(item_number))
    asked = Asked(body.kind, body.amount_minor, body.reason)

    async def make() -> bytes:
        request = await ask_for_money_back(tx, actor, number, asked, clock.now())
        return RefundView.model_validate(request).model_dump_json().encode()

    body_sha256 = digest(number.encode() + body.model_dump_json().encode())
    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, body_sha256, make)
    log.info("refund asked for", item_number=number, kind=body.kind, actor=actor.id)
    return Response(answer, 201, media_type="application/json")


@router.get("/parcels/{item_number}/refunds")
async def show(item_number: str, actor: AnyStaff, service: Serving) -> list[RefundView]:
    """Return what was asked for and decided about one parcel, the first first."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        return [RefundView.model_validate(one) for one in await find_money_back(connection, actor, number)]


@router.get("/refunds", responses=LINKED)
async def show_waiting(
    actor: AnyStaff,
    service: Serving,
    page: Paged,
    office: OfficeCode | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[RefundView]:
    """List what nobody has decided, the oldest first.

    Those who decide may look at another office's, a district at all of its district.
    """
    async with service.database.connection() as connection:
        waiting = await find_waiting_refunds(
            connection, actor, office, service.directory.offices, page.after(OLDEST), limit
        )
    return page.show(waiting, RefundView.model_validate, OLDEST, lambda one: (one.asked_at, one.request_id), limit)


@router.post("/refunds/{request_id}/decision")
async def decide(request_id: UUID, body: DecisionBody, actor: Deciding, service: Serving) -> RefundView:
    """Grant or refuse a request that somebody else made, once."""
    async with service.database.transaction() as tx:
        decided = await decide_refund(
            tx, actor, request_id, body.decision, body.note, service.directory.offices, clock.now()
        )
    log.info("refund decided", item_number=decided.item_number, decision=body.decision, actor=actor.id)
    return RefundView.model_validate(decided)

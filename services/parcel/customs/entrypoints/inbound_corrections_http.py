"""What was taken in from abroad is put right over HTTP: whom an item is for, or that it was taken in at all."""

import structlog
from fastapi import APIRouter, Response

from services.parcel.customs.domain.inbound import foreign_number
from services.parcel.customs.entrypoints.inbound_bodies import CorrectionBody, InboundItemView, WithdrawalBody
from services.parcel.customs.entrypoints.named_offices import must_let_wait
from services.parcel.customs.use_cases.correct_addressee import correct_addressee
from services.parcel.customs.use_cases.withdraw_item import withdraw_item
from services.parcel.forms import CounterStaff, IdempotencyKeyIfAny, Serving, Supervising
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from shared import clock

log = structlog.get_logger()
router = APIRouter(prefix="/inbound-items", tags=["inbound"])


@router.put("/{item_number}/addressee")
async def correct(item_number: str, body: CorrectionBody, actor: CounterStaff, service: Serving) -> InboundItemView:
    """Correct whom an item is for, and where it waits, until it is handed over."""
    number, addressee = foreign_number(item_number), body.addressee.addressee()
    must_let_wait(service, body.collecting_office)
    async with service.database.transaction() as tx:
        item = await correct_addressee(
            tx, service.outbox, actor, number, addressee, body.collecting_office, clock.now()
        )
    log.info("addressee corrected", item_number=number, actor=actor.id)
    return InboundItemView.model_validate(item)


@router.post("/{item_number}/withdrawal", response_model=InboundItemView)
async def withdraw(
    item_number: str,
    body: WithdrawalBody,
    actor: Supervising,
    service: Serving,
    idempotency_key: IdempotencyKeyIfAny = None,
) -> Response:
    """Withdraw an item that was taken in by hand, until it is handed over; its number is free again."""
    number = foreign_number(item_number)

    async def make() -> bytes:
        item = await withdraw_item(tx, service.outbox, actor, number, body.reason, clock.now())
        log.info("item withdrawn", item_number=number, reason=body.reason.value, actor=actor.id)
        return InboundItemView.model_validate(item).model_dump_json().encode()

    asked = digest(f"{number} withdrawal {body.reason.value}".encode())
    async with service.database.transaction() as tx:
        answer = await (answer_once(tx, actor.id, idempotency_key, asked, make) if idempotency_key else make())
    return Response(answer, media_type="application/json")

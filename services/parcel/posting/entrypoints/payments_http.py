"""Payments over HTTP: what senders pay at the counter, into a drawer."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from services.parcel.cash.domain.payment import Given
from services.parcel.cash.entrypoints.bodies import PaymentBody, amounts_of
from services.parcel.cash.entrypoints.once import done_once
from services.parcel.cash.entrypoints.views import LedgerEntryView
from services.parcel.forms import IdempotencyKey, Serving
from services.parcel.posting.use_cases.take_parcel_payment import take_parcel_payment
from shared import clock
from shared.access.roles import COUNTER, Actor
from shared.db.connection import Tx
from shared.s10 import ItemNumber
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/cash/drawers", tags=["cash"])

Counter = Annotated[Actor, Depends(actor_with(*COUNTER))]


@router.post("/{drawer_id}/payments", status_code=201, response_model=LedgerEntryView)
async def pay(
    drawer_id: UUID, body: PaymentBody, actor: Counter, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Take a payment into a drawer: the postage of parcels and boxes, in riel and dollars, with its change."""
    numbers = list(dict.fromkeys(str(ItemNumber.parse(number)) for number in body.item_numbers))

    async def do(tx: Tx) -> BaseModel:
        sold = [one.of() for one in body.articles]
        given = Given(amounts_of(body.received), amounts_of(body.change))
        entry = await take_parcel_payment(tx, actor, drawer_id, numbers, sold, given, clock.now())
        log.info("payment taken", drawer=str(drawer_id), items=len(numbers), actor=actor.id)
        return LedgerEntryView.of(entry)

    return await done_once(service, actor, idempotency_key, f"{drawer_id} payment", body, do)

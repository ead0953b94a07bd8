"""Sittings over HTTP: a customer's announced parcels are accepted with a scan and a weight each, and paid at once."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Depends, Request, Response

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.drafts.domain.sitting import Statement
from services.parcel.drafts.entrypoints.places_to_go import must_take_in
from services.parcel.drafts.entrypoints.sitting_bodies import (
    AcceptanceBody,
    SittingBody,
    SittingPaymentBody,
    SittingView,
)
from services.parcel.drafts.use_cases.accept_draft import AskedUnder, accept_draft
from services.parcel.drafts.use_cases.judge_acceptance import Judged, judge_acceptance
from services.parcel.drafts.use_cases.open_sitting import open_sitting
from services.parcel.drafts.use_cases.pay_sitting import pay_sitting
from services.parcel.drafts.use_cases.state_sitting import state_sitting
from services.parcel.forms import CounterOrAuditor, CounterStaff, IdempotencyKey, Serving
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once, earlier_answer
from services.parcel.numbers.entrypoints.item_numbers import item_numbers_of
from services.parcel.numbers.use_cases.must_be_sticker import StickerUsed, must_be_sticker
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.postal_services import indicator_for
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.entrypoints.bodies import ParcelView
from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.entrypoints.known_rates import KnownRates, known_rates_of
from shared import clock, trace
from shared.errors import FieldProblem, Invalid, PostError
from shared.s10 import ItemNumber
from shared.web.service import Service

log = structlog.get_logger()
router = APIRouter(prefix="/sittings", tags=["sittings"])

Known = Annotated[KnownRates, Depends(known_rates_of)]


@router.post("", status_code=201, response_model=SittingView)
async def begin(body: SittingBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving) -> Response:
    """Begin a sitting: one customer, whose parcels are accepted one after the other and paid at once."""
    office = body.office or actor.office
    if office is None:
        raise Invalid([FieldProblem("office", "missing", "Name the office of posting.")])
    actor.must_act_for(office)

    async def make() -> bytes:
        must_take_in(service.directory.offices, "office", office, _today())
        if body.trader is not None and str(body.trader) not in service.directory.trading():
            raise Invalid([FieldProblem("trader", "unknown-trader", "There is no shop of this id that may send.")])
        sitting = await open_sitting(tx, actor, office, body.trader, clock.now(), fits_limits=body.fits_limits)
        return SittingView.of(Statement(sitting, ())).model_dump_json().encode()

    asked = digest(body.model_dump_json(exclude_defaults=True).encode())
    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


@router.get("/{sitting_id}")
async def show(sitting_id: UUID, actor: CounterOrAuditor, service: Serving) -> SittingView:
    """Return a sitting with its parcels and what they come to."""
    async with service.database.connection() as connection:
        return SittingView.of(await state_sitting(connection, actor, sitting_id))


@router.post("/{sitting_id}/acceptances", status_code=201, response_model=ParcelView)
async def accept(
    sitting_id: UUID,
    body: AcceptanceBody,
    actor: CounterStaff,
    idempotency_key: IdempotencyKey,
    known_rates: Known,
    request: Request,
    service: Serving,
) -> Response:
    """Accept an announced parcel: it is registered, with its number and price, and stands in the sitting.

    What differs from what was announced is refused, and accepted once you confirm it.
    """
    acceptance = body.acceptance(sitting_id)
    asked = digest(f"{sitting_id} {body.model_dump_json(exclude_defaults=True)}".encode())
    pricing = partial(_priced, service, known_rates.on(_today()), _today())
    try:
        async with service.database.connection() as connection:
            judged = await judge_acceptance(connection, actor, acceptance, pricing)
        item_number = await _number(request, service, judged, body.item_number)
    except PostError as refusal:
        # What was accepted once stays so, though its draft is closed since.
        async with service.database.connection() as connection:
            answer = await earlier_answer(connection, actor.id, idempotency_key, asked)
        if not isinstance(answer, bytes):
            raise answer or refusal from None
        return Response(answer, 201, media_type="application/json")
    under = AskedUnder(idempotency_key, asked, trace.traceparent())
    try:
        async with service.database.transaction() as tx:
            answer = await accept_draft(
                tx, service.outbox, actor, acceptance, under, item_number, pricing, _answer, clock.now()
            )
    except asyncpg.UniqueViolationError:
        raise StickerUsed from None
    log.info("draft accepted", sitting=str(sitting_id), actor=actor.id)
    return Response(answer, 201, media_type="application/json")


@router.post("/{sitting_id}/payment")
async def pay(sitting_id: UUID, body: SittingPaymentBody, actor: CounterStaff, service: Serving) -> SittingView:
    """Take the payment for all of it, which is booked once; the total that you name must be the one that it has."""
    async with service.database.transaction() as tx:
        paid = await pay_sitting(tx, actor, sitting_id, body.payment(), clock.now())
    log.info("sitting paid", sitting=str(sitting_id), parcels=len(paid.lines), method=body.method.value, actor=actor.id)
    return SittingView.of(paid)


async def _number(request: Request, service: Service, judged: Judged, sticker: str | None) -> ItemNumber:
    """Return the number of the sticker that is on the parcel, or the next one of the office."""
    command, office = judged.command, judged.sitting.office
    indicator = indicator_for(command.service, DOMESTIC, command.options, _today())
    if sticker is None:
        return await (await item_numbers_of(request)).take(office, indicator)
    number = ItemNumber.parse(sticker)
    async with service.database.connection() as connection:
        await must_be_sticker(connection, office, indicator, number)
    return number


def _priced(service: Service, rate: ExchangeRate | None, day: date, command: RegisterParcel) -> Postage:
    return command.postage(service.directory.offices, service.directory.trading(), rate, day)


def _answer(parcel: Parcel) -> bytes:
    return ParcelView.of(parcel).model_dump_json().encode()


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL).date()

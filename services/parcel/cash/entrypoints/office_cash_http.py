"""An office's cash over HTTP: floats, deposits, and cash between offices."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, TypeAdapter

from services.parcel.cash.entrypoints.bodies import DepositBody, OfficeAmountsBody, ReceiptBody, SendingBody, amounts_of
from services.parcel.cash.entrypoints.once import done_once, must_be_office
from services.parcel.cash.entrypoints.views import LedgerEntryView, TransferView
from services.parcel.cash.use_cases.deposit_cash import deposit_cash
from services.parcel.cash.use_cases.find_transfers import find_transfers
from services.parcel.cash.use_cases.receive_cash import receive_cash
from services.parcel.cash.use_cases.receive_float import receive_float
from services.parcel.cash.use_cases.send_cash import send_cash
from services.parcel.forms import AnyStaff, CounterStaff, IdempotencyKey, OfficeCode, Serving, Supervising
from services.parcel.pages import LINKED, Instant, Paged
from shared import clock
from shared.db.connection import Tx

log = structlog.get_logger()
router = APIRouter(prefix="/cash", tags=["cash"])

LAST_SENT = TypeAdapter(tuple[Instant, UUID])


@router.post("/floats", status_code=201, response_model=LedgerEntryView)
async def take_float(
    body: OfficeAmountsBody, actor: Supervising, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Book cash that the post gave an office to begin with."""
    actor.must_act_for(body.office)
    must_be_office(service, body.office)

    async def do(tx: Tx) -> BaseModel:
        return LedgerEntryView.of(await receive_float(tx, actor, body.office, amounts_of(body.amounts), clock.now()))

    return await done_once(service, actor, idempotency_key, "float", body, do)


@router.post("/deposits", status_code=201, response_model=LedgerEntryView)
async def deposit(body: DepositBody, actor: Supervising, idempotency_key: IdempotencyKey, service: Serving) -> Response:
    """Book cash that was taken to the bank, by the number of its slip."""
    actor.must_act_for(body.office)
    must_be_office(service, body.office)

    async def do(tx: Tx) -> BaseModel:
        amounts = amounts_of(body.amounts)
        return LedgerEntryView.of(await deposit_cash(tx, actor, body.office, amounts, body.slip, clock.now()))

    return await done_once(service, actor, idempotency_key, "deposit", body, do)


@router.post("/transfers", status_code=201, response_model=TransferView)
async def send(body: SendingBody, actor: Supervising, idempotency_key: IdempotencyKey, service: Serving) -> Response:
    """Send cash to another office; it is in transit until it was counted there."""
    actor.must_act_for(body.office)
    must_be_office(service, body.office)
    must_be_office(service, body.to_office, "to_office")

    async def do(tx: Tx) -> BaseModel:
        sent = await send_cash(tx, actor, body.office, body.to_office, amounts_of(body.amounts), clock.now())
        log.info("cash sent", transfer=sent.holder, office=body.office, to_office=body.to_office, actor=actor.id)
        return TransferView.of(sent)

    return await done_once(service, actor, idempotency_key, "transfer", body, do)


@router.get("/transfers", responses=LINKED)
async def list_transfers(
    actor: AnyStaff,
    service: Serving,
    page: Paged,
    office: OfficeCode,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[TransferView]:
    """List the cash that an office sent or is sent, the last sent first."""
    async with service.database.connection() as connection:
        found = await find_transfers(connection, actor, office, page.after(LAST_SENT), limit)
    return page.show(found, TransferView.of, LAST_SENT, lambda one: (one.sent_at, one.transfer_id), limit)


@router.post("/transfers/{transfer_id}/receipt", status_code=201, response_model=TransferView)
async def receive(
    transfer_id: UUID, body: ReceiptBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Count cash that another office sent; a difference stands as one."""

    async def do(tx: Tx) -> BaseModel:
        received = await receive_cash(tx, actor, transfer_id, body.amounts(), body.explanation, clock.now())
        log.info("cash received", transfer=received.holder, office=received.to_office, actor=actor.id)
        return TransferView.of(received)

    return await done_once(service, actor, idempotency_key, f"{transfer_id} receipt", body, do)

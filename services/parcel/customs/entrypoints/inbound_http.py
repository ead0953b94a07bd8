"""Items from abroad over HTTP: taken in, charged, and the papers that customs waits for."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Body, Query, Response

from services.parcel.customs.domain.inbound import TakenIn, foreign_number
from services.parcel.customs.domain.paper import MEDIA_TYPES, digest_of
from services.parcel.customs.entrypoints.inbound_bodies import (
    AdvanceDataBody,
    ChargesBody,
    ForwardedView,
    HandBody,
    InboundItemView,
    InboundItemWithPapers,
    PapersAskedBody,
    PaperView,
    PaperWithdrawalBody,
    UndoingBody,
    WithdrawnPaperView,
)
from services.parcel.customs.entrypoints.named_offices import acting_office, must_take_in, named_office
from services.parcel.customs.use_cases.ask_for_papers import ask_for_papers
from services.parcel.customs.use_cases.attach_paper import attach_paper
from services.parcel.customs.use_cases.find_inbound_item import find_inbound_item
from services.parcel.customs.use_cases.forward_papers import forward_papers
from services.parcel.customs.use_cases.read_paper import read_paper
from services.parcel.customs.use_cases.set_charges import set_charges
from services.parcel.customs.use_cases.settle_charges import settle_charges
from services.parcel.customs.use_cases.take_in_advance_data import take_in_advance_data
from services.parcel.customs.use_cases.take_in_by_hand import take_in_by_hand
from services.parcel.customs.use_cases.undo_payment import undo_payment
from services.parcel.customs.use_cases.withdraw_paper import withdraw_paper
from services.parcel.forms import AnyStaff, CounterStaff, IdempotencyKey, OfficeCode, Serving, Supervising
from services.parcel.idempotency.domain.answers import AnswerOfItem
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from shared import clock
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.web.service import Service

log = structlog.get_logger()
router = APIRouter(prefix="/inbound-items", tags=["inbound"])

A_PHOTO = "%PDF-1.7 and the rest of the file"
Photo = Annotated[bytes, Body(media_type="application/octet-stream", examples=[A_PHOTO])]


@router.post("", status_code=201, response_model=InboundItemView)
async def take_in(body: HandBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving) -> Response:
    """Take in an item by hand, or complete one that was told ahead."""
    office = acting_office(service, actor, body.office)
    asked = digest(body.model_dump_json(exclude_defaults=True).encode())

    async def take(tx: Tx) -> TakenIn:
        must_take_in(service, office, body.collecting_office)
        return await take_in_by_hand(tx, actor, body.item(office, actor.id, clock.now()))

    return await _taken_in(service, actor, idempotency_key, asked, take)


@router.post("/advance-data", status_code=201, response_model=InboundItemView)
async def take_in_ahead(
    body: AdvanceDataBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Take in what another post tells ahead of an item."""
    office = acting_office(service, actor, body.office)
    asked = digest(body.model_dump_json(exclude_defaults=True).encode())

    async def take(tx: Tx) -> TakenIn:
        must_take_in(service, office, body.collecting_office)
        return await take_in_advance_data(tx, actor, body.itmatt, office, body.collecting_office, clock.now())

    return await _taken_in(service, actor, idempotency_key, asked, take)


@router.get("/{item_number}")
async def show(item_number: str, actor: AnyStaff, service: Serving) -> InboundItemWithPapers:
    """Return an item with the papers photographed for it, and with who corrected whom it is for."""
    async with service.database.connection() as connection:
        found = await find_inbound_item(connection, actor, foreign_number(item_number))
    return InboundItemWithPapers.model_validate(found)


@router.put("/{item_number}/charges")
async def charge(item_number: str, body: ChargesBody, actor: CounterStaff, service: Serving) -> InboundItemView:
    """Set what the addressee has to pay."""
    number = foreign_number(item_number)
    async with service.database.transaction() as tx:
        item = await set_charges(tx, service.outbox, actor, number, body.charges())
    log.info("charges set", item_number=number, actor=actor.id)
    return InboundItemView.model_validate(item)


@router.put("/{item_number}/paid")
async def settle(item_number: str, actor: CounterStaff, service: Serving) -> InboundItemView:
    """Note that the addressee paid."""
    number = foreign_number(item_number)
    async with service.database.transaction() as tx:
        item = await settle_charges(tx, service.outbox, actor, number)
    log.info("charges paid", item_number=number, actor=actor.id)
    return InboundItemView.model_validate(item)


@router.put("/{item_number}/unpaid")
async def undo(item_number: str, body: UndoingBody, actor: Supervising, service: Serving) -> InboundItemView:
    """Take back that the addressee paid, which was a mistake, while the item was not handed over."""
    number = foreign_number(item_number)
    async with service.database.transaction() as tx:
        item = await undo_payment(tx, service.outbox, actor, number, body.reason, clock.now())
    log.info("payment undone", item_number=number, actor=actor.id)
    return InboundItemView.model_validate(item)


@router.put("/{item_number}/papers-asked")
async def ask(item_number: str, body: PapersAskedBody, actor: CounterStaff, service: Serving) -> InboundItemView:
    """Tell which papers customs wants; the office that asks holds the item, and the addressee hears of it."""
    number, office = foreign_number(item_number), named_office(service, actor, body.office)
    async with service.database.transaction() as tx:
        item = await ask_for_papers(tx, actor, number, office, body.wanted)
        contacts = item.contacts()
        await service.outbox.append(tx, [contacts] if contacts else [])
    log.info("papers asked for", item_number=number, office=office, actor=actor.id)
    return InboundItemView.model_validate(item)


@router.post("/{item_number}/papers", status_code=201, response_model=PaperView)
async def attach(
    item_number: str,
    photo: Photo,
    actor: CounterStaff,
    idempotency_key: IdempotencyKey,
    service: Serving,
    office: Annotated[OfficeCode | None, Query()] = None,
) -> Response:
    """Attach a photograph of a paper that was asked for, at any counter: the bytes of a JPEG, PNG or PDF file."""
    number, taken_at = foreign_number(item_number), acting_office(service, actor, office)

    async def make() -> bytes:
        paper = await attach_paper(tx, actor, number, taken_at, photo, clock.now())
        log.info("paper attached", item_number=number, paper=str(paper.paper_id), actor=actor.id)
        return PaperView.model_validate(paper).model_dump_json().encode()

    asked = digest(f"{number} {taken_at} {digest_of(photo).hex()}".encode())
    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


@router.get("/{item_number}/papers/{paper_id}", response_class=Response)
async def show_paper(item_number: str, paper_id: UUID, actor: AnyStaff, service: Serving) -> Response:
    """Return a photographed paper as it was taken."""
    async with service.database.connection() as connection:
        paper, photo = await read_paper(connection, actor, foreign_number(item_number), paper_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{paper_id}.{paper.kind}"',
        "Cache-Control": "no-store, private",
    }
    return Response(photo, media_type=MEDIA_TYPES[paper.kind], headers=headers)


@router.put("/{item_number}/papers/{paper_id}/withdrawal")
async def withdraw(
    item_number: str, paper_id: UUID, body: PaperWithdrawalBody, actor: CounterStaff, service: Serving
) -> WithdrawnPaperView:
    """Take a paper away again, its picture for good; for the office that attached it or holds the item."""
    number = foreign_number(item_number)
    async with service.database.transaction() as tx:
        withdrawn = await withdraw_paper(tx, actor, number, paper_id, body.reason, clock.now())
    log.info("paper withdrawn", item_number=number, paper=str(paper_id), actor=actor.id)
    return WithdrawnPaperView.model_validate(withdrawn)


@router.put("/{item_number}/papers-forwarded")
async def forward(item_number: str, actor: CounterStaff, service: Serving) -> ForwardedView:
    """Send the photographed papers on to the office that holds the item."""
    number = foreign_number(item_number)
    async with service.database.transaction() as tx:
        forwarded = await forward_papers(tx, actor, number)
    log.info("papers forwarded", item_number=number, office=forwarded.holding_office, actor=actor.id)
    return ForwardedView.model_validate(forwarded)


async def _taken_in(
    service: Service, actor: Actor, key: str, asked: bytes, take: Callable[[Tx], Awaitable[TakenIn]]
) -> Response:
    """Take an item in once, and tell whom to reach; what was answered once stays so, though an office closed since."""

    async def make() -> AnswerOfItem:
        taken = await take(tx)
        await service.outbox.append(tx, taken.events)
        log.info("item taken in", item_number=taken.item.item_number, source=taken.item.source.value, actor=actor.id)
        answer = InboundItemView.model_validate(taken.item).model_dump_json().encode()
        return AnswerOfItem(taken.item.item_number, answer)

    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, key, asked, make)
    return Response(answer, 201, media_type="application/json")

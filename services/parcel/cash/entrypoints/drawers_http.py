"""Drawers over HTTP: opened, filled, handed back from, counted, confirmed."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, TypeAdapter

from services.parcel.cash.entrypoints.bodies import AmountsBody, ClosingBody, OpeningBody, amounts_of
from services.parcel.cash.entrypoints.once import done_once, must_be_office
from services.parcel.cash.entrypoints.views import ClosingSheetView, DrawerStateView, DrawerView, LedgerEntryView
from services.parcel.cash.use_cases.close_drawer import close_drawer
from services.parcel.cash.use_cases.confirm_drawer import confirm_drawer
from services.parcel.cash.use_cases.draw_closing_sheet import draw_closing_sheet
from services.parcel.cash.use_cases.find_drawer import find_drawer, state_of
from services.parcel.cash.use_cases.find_drawers import find_drawers
from services.parcel.cash.use_cases.find_entries import find_drawer_entries
from services.parcel.cash.use_cases.move_to_drawer import move_to_drawer
from services.parcel.cash.use_cases.move_to_safe import move_to_safe
from services.parcel.cash.use_cases.open_drawer import open_drawer
from services.parcel.cash.use_cases.pay_refund import pay_refund
from services.parcel.forms import AnyStaff, IdempotencyKey, OfficeCode, Serving, Supervising
from services.parcel.pages import LINKED, Instant, Paged, Serial
from shared import clock
from shared.access.roles import COUNTER, Actor
from shared.db.connection import Tx
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/cash/drawers", tags=["cash"])

Counter = Annotated[Actor, Depends(actor_with(*COUNTER))]
LAST_OPENED = TypeAdapter(tuple[Instant, UUID])
IN_CHAIN: TypeAdapter[int] = TypeAdapter(Serial)


@router.post("", status_code=201, response_model=DrawerStateView)
async def open_one(body: OpeningBody, actor: Counter, idempotency_key: IdempotencyKey, service: Serving) -> Response:
    """Open a drawer of one's own, with a float from the safe."""
    actor.must_act_for(body.office)
    must_be_office(service, body.office)

    async def do(tx: Tx) -> BaseModel:
        opening_float = amounts_of(body.opening_float)
        drawer = await open_drawer(tx, actor, body.office, opening_float, body.device, clock.now())
        log.info("drawer opened", drawer=drawer.holder, office=body.office, actor=actor.id)
        return DrawerStateView.of_state(await state_of(tx, drawer))

    return await done_once(service, actor, idempotency_key, "drawer", body, do)


@router.get("", responses=LINKED)
async def list_drawers(
    actor: AnyStaff,
    service: Serving,
    page: Paged,
    office: OfficeCode,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[DrawerView]:
    """List the drawers of an office, the last opened first; a clerk sees their own."""
    async with service.database.connection() as connection:
        found = await find_drawers(connection, actor, office, page.after(LAST_OPENED), limit)
    return page.show(found, DrawerView.of, LAST_OPENED, lambda one: (one.opened_at, one.drawer_id), limit)


@router.get("/{drawer_id}")
async def show_one(drawer_id: UUID, actor: AnyStaff, service: Serving) -> DrawerStateView:
    """Show a drawer and what it should hold by the ledger."""
    async with service.database.connection() as connection:
        return DrawerStateView.of_state(await find_drawer(connection, actor, drawer_id))


@router.get("/{drawer_id}/entries", responses=LINKED)
async def show_entries(
    drawer_id: UUID,
    actor: AnyStaff,
    service: Serving,
    page: Paged,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[LedgerEntryView]:
    """Show every line that went through a drawer, and where each came from."""
    async with service.database.connection() as connection:
        found = await find_drawer_entries(connection, actor, drawer_id, page.after(IN_CHAIN) or 0, limit)
    return page.show(found, LedgerEntryView.of, IN_CHAIN, lambda entry: entry.sequence, limit)


@router.post("/{drawer_id}/floats", status_code=201, response_model=LedgerEntryView)
async def fill(
    drawer_id: UUID, body: AmountsBody, actor: Counter, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Take more cash from the safe into a drawer."""

    async def do(tx: Tx) -> BaseModel:
        return LedgerEntryView.of(await move_to_drawer(tx, actor, drawer_id, amounts_of(body.amounts), clock.now()))

    return await done_once(service, actor, idempotency_key, f"{drawer_id} float", body, do)


@router.post("/{drawer_id}/hand-backs", status_code=201, response_model=LedgerEntryView)
async def hand_back(
    drawer_id: UUID, body: AmountsBody, actor: Counter, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Put cash from a drawer back into the safe."""

    async def do(tx: Tx) -> BaseModel:
        return LedgerEntryView.of(await move_to_safe(tx, actor, drawer_id, amounts_of(body.amounts), clock.now()))

    return await done_once(service, actor, idempotency_key, f"{drawer_id} hand-back", body, do)


@router.put("/{drawer_id}/refunds/{request_id}")
async def pay_back(drawer_id: UUID, request_id: UUID, actor: Counter, service: Serving) -> LedgerEntryView:
    """Pay a granted request for money back out of a drawer; paid before it stays so."""
    async with service.database.transaction() as tx:
        entry = await pay_refund(tx, actor, drawer_id, request_id, clock.now())
    log.info("refund paid", request=str(request_id), drawer=str(drawer_id), actor=actor.id)
    return LedgerEntryView.of(entry)


@router.post("/{drawer_id}/closing", status_code=201, response_model=DrawerStateView)
async def close(
    drawer_id: UUID, body: ClosingBody, actor: Counter, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Count a drawer and put it into the safe; a difference is explained, and stands as one."""

    async def do(tx: Tx) -> BaseModel:
        counted = tuple(one.count() for one in body.counted)
        drawer = await close_drawer(tx, service.outbox, actor, drawer_id, counted, body.explanation, clock.now())
        log.info("drawer closed", drawer=drawer.holder, office=drawer.office, actor=actor.id)
        return DrawerStateView.of_state(await state_of(tx, drawer))

    return await done_once(service, actor, idempotency_key, f"{drawer_id} closing", body, do)


@router.get("/{drawer_id}/closing")
async def show_closing(drawer_id: UUID, actor: AnyStaff, service: Serving) -> ClosingSheetView:
    """Show the sheet of a drawer's closing, with the head of the ledger to be printed on it."""
    async with service.database.transaction() as tx:
        return ClosingSheetView.of(await draw_closing_sheet(tx, actor, drawer_id))


@router.put("/{drawer_id}/confirmed")
async def confirm(drawer_id: UUID, actor: Supervising, service: Serving) -> DrawerView:
    """Confirm a closing as somebody else than its clerk; confirmed before stays so."""
    async with service.database.transaction() as tx:
        drawer = await confirm_drawer(tx, actor, drawer_id, clock.now())
    log.info("closing confirmed", drawer=drawer.holder, office=drawer.office, actor=actor.id)
    return DrawerView.of(drawer)

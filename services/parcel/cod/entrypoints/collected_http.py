"""Collected money over HTTP: statements of shops, sums, what is owed, codes and banks' statements."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, TypeAdapter

from services.parcel.cash.entrypoints.once import done_once
from services.parcel.cod.domain.bank_statement import read_statement
from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.domain.khqr import PostAccount
from services.parcel.cod.entrypoints.bodies import (
    ImportedView,
    KhqrView,
    OwedView,
    RemittanceBody,
    RemittedView,
    StatementBody,
    StatementView,
    TotalsView,
    TroubleView,
)
from services.parcel.cod.use_cases.add_up_cod import add_up_cod
from services.parcel.cod.use_cases.draw_statement import draw_statement
from services.parcel.cod.use_cases.find_owed_items import find_owed_items
from services.parcel.cod.use_cases.import_bank_statement import import_bank_statement
from services.parcel.cod.use_cases.show_khqr import show_khqr
from services.parcel.cod.use_cases.take_remittance import take_remittance
from services.parcel.forms import CounterStaff, IdempotencyKey, Serving, beginning_of, end_of
from services.parcel.pages import LINKED, Instant, Paged, Word
from services.parcel.tables import BYTE_ORDER_MARK, Table, line
from shared import clock
from shared.access.roles import STAFF, Actor, Role
from shared.db.connection import Tx
from shared.s10 import ItemNumber
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(tags=["cod"])

Administrator = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR))]
Looking = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR, Role.AUDITOR))]
StaffOrTrader = Annotated[Actor, Depends(actor_with(*STAFF, Role.TRADER))]
FIRST_COLLECTED = TypeAdapter(tuple[Instant, Word])
FIRST, LAST = datetime(2020, 1, 1, tzinfo=clock.LOCAL), datetime(2200, 1, 1, tzinfo=clock.LOCAL)
COLUMNS = (
    "item_number",
    "collected_at",
    "collecting_office",
    "method",
    "amount_minor",
    "kept_minor",
    "net_minor",
    "currency",
    "with_the_post_at",
    "promised_on",
    "paid_at",
)


async def account_of(request: Request) -> PostAccount | None:
    """Return where the post is paid by code, None until somebody sets it."""
    account: PostAccount | None = request.app.state.khqr_account
    return account


@router.get("/traders/{trader_id}/cod-statement")
async def show_statement(
    trader_id: UUID, actor: StaffOrTrader, service: Serving, since: date | None = None, until: date | None = None
) -> StatementView:
    """Show what was collected for a shop, where it is, and how it was paid out; `until` is the last day."""
    async with service.database.transaction() as tx:
        span = (beginning_of(since) or FIRST, end_of(until) or LAST)
        statement = await draw_statement(tx, actor, trader_id, *span)
    return StatementView.of(statement, is_own=actor.trader is not None)


@router.get("/traders/{trader_id}/cod-statement.csv", response_class=Table)
async def show_statement_table(
    trader_id: UUID, actor: StaffOrTrader, service: Serving, since: date | None = None, until: date | None = None
) -> Response:
    """Give the items of a shop's statement as a table."""
    async with service.database.transaction() as tx:
        span = (beginning_of(since) or FIRST, end_of(until) or LAST)
        statement = await draw_statement(tx, actor, trader_id, *span)
    rows = [line(COLUMNS), *(line(_row(item)) for item in statement.items)]
    return Response(
        (BYTE_ORDER_MARK + "".join(rows)).encode(),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="cod-statement.csv"'},
    )


@router.get("/cod/totals")
async def show_totals(_actor: Looking, service: Serving) -> list[TotalsView]:
    """Show whether all that was collected was paid out, is held or is owed, to the riel and by the ledger too."""
    async with service.database.transaction() as tx:
        return [TotalsView.of(one) for one in await add_up_cod(tx)]


@router.get("/cod/owed", responses=LINKED)
async def list_owed(
    _actor: Looking, service: Serving, page: Paged, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[OwedView]:
    """List what was collected and is not with the post yet, the longest owed first."""
    async with service.database.connection() as connection:
        found = await find_owed_items(connection, page.after(FIRST_COLLECTED), limit)
    return page.show(
        found, OwedView.model_validate, FIRST_COLLECTED, lambda one: (one.collected_at, one.item_number), limit
    )


@router.post("/cod/remittances", status_code=201, response_model=RemittedView)
async def remit(
    body: RemittanceBody, actor: Administrator, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Book what a carrier passed on of what it collected."""
    numbers = [str(ItemNumber.parse(number)) for number in body.item_numbers]

    async def do(tx: Tx) -> BaseModel:
        count = await take_remittance(tx, actor, body.carrier, body.reference, numbers, clock.now())
        log.info("remittance taken", carrier=body.carrier, items=count, actor=actor.id)
        return RemittedView(carrier=body.carrier, reference=body.reference, items=count)

    return await done_once(service, actor, idempotency_key, "remittance", body, do)


@router.put("/parcels/{item_number}/khqr")
async def show_code(
    item_number: str,
    actor: CounterStaff,
    service: Serving,
    account: Annotated[PostAccount | None, Depends(account_of)],
) -> KhqrView:
    """Show a code by which the recipient pays what is to be collected; shown again it is the same."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.transaction() as tx:
        return KhqrView.model_validate(await show_khqr(tx, actor, account, number, clock.now()))


@router.post("/cod/bank-statements")
async def import_statement(body: StatementBody, actor: Administrator, service: Serving) -> ImportedView:
    """Match a bank's statement with the codes that were shown; imported again it changes nothing."""
    lines = read_statement(body.statement.encode())
    async with service.database.transaction() as tx:
        imported = await import_bank_statement(tx, service.outbox, actor, lines, clock.now())
    log.info("statement imported", lines=imported.lines, matched=len(imported.matched), actor=actor.id)
    troubles = [TroubleView(reference=reference, trouble=why) for reference, why in imported.troubles]
    return ImportedView(lines=imported.lines, new=imported.new, matched=imported.matched, troubles=troubles)


def _row(item: CodItem) -> list[str]:
    return [
        item.item_number,
        _local(item.collected_at),
        item.collecting_office,
        item.method,
        str(item.amount_minor),
        str(item.kept_minor),
        str(item.net_minor),
        item.currency,
        _local(item.ready_at),
        str(item.promised_on or ""),
        _local(item.paid_at),
    ]


def _local(at: datetime | None) -> str:
    return f"{at.astimezone(clock.LOCAL):%Y-%m-%d %H:%M}" if at else ""

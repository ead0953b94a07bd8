"""The ledger over HTTP: entries, balances, days, and corrections that those whom they concern are shown."""

from datetime import date
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, TypeAdapter

from services.parcel.cash.domain.accounts import Posting
from services.parcel.cash.domain.drawer import READING
from services.parcel.cash.entrypoints.bodies import CorrectionBody
from services.parcel.cash.entrypoints.once import done_once
from services.parcel.cash.entrypoints.views import (
    DaySheetView,
    EntryStoryView,
    LedgerEntryView,
    PostingView,
)
from services.parcel.cash.use_cases.correct_entry import correct_entry
from services.parcel.cash.use_cases.draw_day_sheet import draw_day_sheet
from services.parcel.cash.use_cases.find_balances import find_balances
from services.parcel.cash.use_cases.find_corrections import find_corrections
from services.parcel.cash.use_cases.find_entries import find_entries
from services.parcel.cash.use_cases.find_entry import find_entry
from services.parcel.cash.use_cases.see_correction import see_correction
from services.parcel.forms import AnyStaff, IdempotencyKey, OfficeCode, Serving, beginning_of, end_of
from services.parcel.pages import LINKED, Instant, Paged, Serial
from shared import clock
from shared.access.roles import COUNTER, Actor, Role
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/cash", tags=["cash"])

Overseer = Annotated[Actor, Depends(actor_with(*sorted(READING)))]
"""What concerns a whole office is for those who answer for it, and for auditors."""
Administrator = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR))]
CounterOrAuditor = Annotated[Actor, Depends(actor_with(*COUNTER, Role.AUDITOR))]
Counter = Annotated[Actor, Depends(actor_with(*COUNTER))]
IN_CHAIN: TypeAdapter[int] = TypeAdapter(Serial)
FIRST_MADE = TypeAdapter(tuple[Instant, UUID])


@router.get("/ledger", responses=LINKED)
async def show_ledger(
    actor: Overseer,
    service: Serving,
    page: Paged,
    office: OfficeCode,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[LedgerEntryView]:
    """Read the ledger of an office in the order of its chain."""
    async with service.database.connection() as connection:
        found = await find_entries(connection, actor, office, page.after(IN_CHAIN) or 0, limit)
    return page.show(found, LedgerEntryView.of, IN_CHAIN, lambda entry: entry.sequence, limit)


@router.get("/balances")
async def show_balances(actor: Overseer, service: Serving, office: OfficeCode) -> list[PostingView]:
    """Show what each account of an office has; a debit is above nothing, a credit below."""
    async with service.database.connection() as connection:
        return [PostingView.model_validate(one) for one in await find_balances(connection, actor, office)]


@router.get("/day-sheet")
async def show_day(actor: Overseer, service: Serving, office: OfficeCode, day: date) -> DaySheetView:
    """Show what moved on an office's day, who counted what, and where the ledger ended."""
    since, until = beginning_of(day), end_of(day)
    if since is None or until is None:
        raise Invalid([FieldProblem("day", "no-such-day", "Name a day of this post.")])
    async with service.database.connection() as connection:
        return DaySheetView.of(await draw_day_sheet(connection, actor, office, day, since, until))


@router.get("/entries/{entry_id}")
async def show_entry(entry_id: UUID, actor: AnyStaff, service: Serving) -> EntryStoryView:
    """Show an entry: where it came from, why, and what became of it."""
    async with service.database.transaction() as tx:
        return EntryStoryView.of_story(await find_entry(tx, actor, entry_id))


@router.post("/entries/{entry_id}/correction", status_code=201, response_model=LedgerEntryView)
async def correct(
    entry_id: UUID, body: CorrectionBody, actor: Administrator, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Take an entry back by another one, and book what should have stood there; whoever made it is shown that."""
    instead = tuple(Posting(one.account, one.quantity, one.unit, one.holder) for one in body.instead)

    async def do(tx: Tx) -> BaseModel:
        correction = await correct_entry(tx, actor, entry_id, instead, body.reason, clock.now())
        log.info("entry corrected", entry=str(entry_id), correction=str(correction.entry_id), actor=actor.id)
        return LedgerEntryView.of(correction)

    return await done_once(service, actor, idempotency_key, f"{entry_id} correction", body, do)


@router.get("/corrections", responses=LINKED)
async def list_corrections(
    actor: CounterOrAuditor,
    service: Serving,
    page: Paged,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[LedgerEntryView]:
    """List the corrections of what one recorded oneself, or of one's drawers, until one says to have seen them.

    The reason of each is shown with the entry itself.
    """
    async with service.database.connection() as connection:
        found = await find_corrections(connection, actor, page.after(FIRST_MADE), limit)
    return page.show(found, LedgerEntryView.of, FIRST_MADE, lambda entry: (entry.recorded_at, entry.entry_id), limit)


@router.put("/corrections/{entry_id}/seen", status_code=204)
async def see(entry_id: UUID, actor: Counter, service: Serving) -> None:
    """Say that one has seen a correction of what one recorded."""
    async with service.database.transaction() as tx:
        await see_correction(tx, actor, entry_id, clock.now())

"""Boxes and envelopes over HTTP: what there is, what came, what was counted."""

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.parcel.cash.domain.articles import articles_on
from services.parcel.cash.entrypoints.bodies import StockBody, StockCountBody
from services.parcel.cash.entrypoints.once import done_once, must_be_office
from services.parcel.cash.entrypoints.views import LedgerEntryView, PiecesView
from services.parcel.cash.use_cases.count_stock import count_stock
from services.parcel.cash.use_cases.find_balances import find_stock
from services.parcel.cash.use_cases.receive_stock import receive_stock
from services.parcel.forms import AnyStaff, CounterStaff, IdempotencyKey, OfficeCode, Serving, Supervising
from shared import clock
from shared.db.connection import Tx

log = structlog.get_logger()
router = APIRouter(prefix="/cash", tags=["cash"])


@router.get("/stock")
async def show_stock(actor: AnyStaff, service: Serving, office: OfficeCode) -> list[PiecesView]:
    """Show how many of each article an office has, and what each costs today."""
    async with service.database.connection() as connection:
        stock = await find_stock(connection, actor, office)
    articles = articles_on(clock.now().astimezone(clock.LOCAL).date())
    return [
        PiecesView(
            article=code,
            pieces=stock.get(code, 0),
            name_km=article.name_km if article else None,
            name_en=article.name_en if article else None,
            price_riel=article.price_riel if article else None,
        )
        for code in sorted({*stock, *articles})
        for article in [articles.get(code)]
    ]


@router.post("/stock-receipts", status_code=201, response_model=LedgerEntryView)
async def take_in(body: StockBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving) -> Response:
    """Book articles that came."""
    actor.must_act_for(body.office)
    must_be_office(service, body.office)

    async def do(tx: Tx) -> BaseModel:
        came = [one.of() for one in body.articles]
        return LedgerEntryView.of(await receive_stock(tx, actor, body.office, came, clock.now()))

    return await done_once(service, actor, idempotency_key, "stock receipt", body, do)


@router.post("/stock-counts", status_code=201, response_model=LedgerEntryView)
async def count(
    body: StockCountBody, actor: Supervising, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Bring the ledger to what was counted of articles; what differs stands as a difference."""
    actor.must_act_for(body.office)
    must_be_office(service, body.office)

    async def do(tx: Tx) -> BaseModel:
        counted = [one.of() for one in body.articles]
        return LedgerEntryView.of(await count_stock(tx, actor, body.office, counted, body.explanation, clock.now()))

    return await done_once(service, actor, idempotency_key, "stock count", body, do)

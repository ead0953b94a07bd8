"""Customs over HTTP: the catalogue, a check before anything is kept, the declaration, and the data told ahead."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Query, Response

from services.parcel.customs.domain.goods import find_goods
from services.parcel.customs.domain.itmatt import AdvanceData, advance_data_of, written
from services.parcel.customs.entrypoints.bodies import CheckBody, CheckView, DeclarationBody, DeclaredView, GoodsView
from services.parcel.customs.entrypoints.posted_items import PostedItems, posted_items_of
from services.parcel.customs.use_cases.check_content import check_content
from services.parcel.customs.use_cases.complete_advance_data import complete_advance_data
from services.parcel.customs.use_cases.declare_content import declare_content
from services.parcel.customs.use_cases.find_declaration import find_declaration
from services.parcel.forms import AnyStaff, CounterStaff, Serving
from shared import clock
from shared.failpoints import Place, reached
from shared.s10 import ItemNumber

log = structlog.get_logger()
router = APIRouter(tags=["customs"])

Posted = Annotated[PostedItems, Depends(posted_items_of)]


@router.get("/customs/goods")
async def search_goods(
    _actor: AnyStaff,
    q: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[GoodsView]:
    """Find things in the catalogue by a Khmer or English word."""
    today = clock.now().astimezone(clock.LOCAL).date()
    return [GoodsView.model_validate(goods) for goods in find_goods(q, today, limit)]


@router.post("/customs/checks")
async def check(body: CheckBody, _actor: CounterStaff) -> CheckView:
    """Tell whether a declaration would pass, which form it needs and what the destination demands; keeps nothing."""
    today = clock.now().astimezone(clock.LOCAL).date()
    return CheckView.model_validate(check_content(body.declaration(today), body.sending(), today))


@router.put("/parcels/{item_number}/customs-declaration")
async def declare(
    item_number: str, body: DeclarationBody, actor: CounterStaff, posted_items: Posted, service: Serving
) -> DeclaredView:
    """Declare what an item holds, in place of an earlier declaration."""
    number, now = str(ItemNumber.parse(item_number)), clock.now()
    today = now.astimezone(clock.LOCAL).date()
    async with service.database.transaction() as tx:
        item = await posted_items(tx, actor, number, held=True)
        await declare_content(tx, actor, item, body.declaration(today), now)
        completed = await complete_advance_data(tx, service.outbox, item, now)
        declared = await find_declaration(tx, number)
        reached(Place.DECLARATION_WRITTEN)
    reached(Place.DECLARATION_COMMITTED)
    log.info("content declared", item_number=number, advance_data_completed=completed is not None, actor=actor.id)
    return DeclaredView.of(declared, item, today)


@router.get("/parcels/{item_number}/customs-declaration")
async def show_declaration(item_number: str, actor: AnyStaff, posted_items: Posted, service: Serving) -> DeclaredView:
    """Return what was declared of an item."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        item = await posted_items(connection, actor, number)
        declared = await find_declaration(connection, number)
    return DeclaredView.of(declared, item, clock.now().astimezone(clock.LOCAL).date())


@router.get("/parcels/{item_number}/advance-data", response_model=AdvanceData)
async def show_advance_data(item_number: str, actor: AnyStaff, posted_items: Posted, service: Serving) -> Response:
    """Return what the post of destination is told ahead of an item, in the elements of ITMATT."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        item = await posted_items(connection, actor, number)
        declared = await find_declaration(connection, number)
    return Response(written(advance_data_of(item, declared.declaration)), media_type="application/json")

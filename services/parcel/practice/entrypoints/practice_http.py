"""Practice over HTTP: what a program does with parcels, on parcels that are not real; for practice keys alone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import TypeAdapter

from services.parcel.forms import IdempotencyKey, Serving
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.pages import LINKED, Instant, Paged, Word
from services.parcel.posting.entrypoints.bodies import ParcelView, RegisterBody
from services.parcel.practice.domain.practice_parcel import PracticeParcel, PracticeParcelNotFound, number_for
from services.parcel.practice.store import practice_parcels
from services.parcel.practice.use_cases.register_practice_parcel import register_practice_parcel
from services.parcel.practice.use_cases.step_practice_parcel import step_practice_parcel
from services.parcel.pricing.entrypoints.known_rates import KnownRates, known_rates_of
from shared import clock
from shared.access.roles import Actor, Role
from shared.access.scopes import Scope
from shared.errors import FieldProblem, Forbidden, Invalid
from shared.s10 import ItemNumber
from shared.web.access import actor_with

router = APIRouter(prefix="/practice/parcels", tags=["practice"])

Reader = Annotated[Actor, Depends(actor_with(Role.TRADER, scope=Scope.PARCELS_READ, practice=True))]
Known = Annotated[KnownRates, Depends(known_rates_of)]
Writer = Annotated[Actor, Depends(actor_with(Role.TRADER, scope=Scope.PARCELS_WRITE, practice=True))]
NEWEST = TypeAdapter(tuple[Instant, Word])


class PracticeKeyNeeded(Forbidden):
    """Practice is for practice keys; make one for your shop."""

    slug = "practice-key-needed"


@router.post("", status_code=201, response_model=ParcelView)
async def register(
    body: RegisterBody, actor: Writer, idempotency_key: IdempotencyKey, known_rates: Known, service: Serving
) -> Response:
    """Register a practice parcel; its number begins with ZP; the recipient's phone says which way it walks."""
    trader_id = _shop(actor)
    if body.office is None:
        raise Invalid([FieldProblem("office", "missing", "Name the office of posting.")])
    command, number = body.command(body.office), number_for(body.item_number)

    async def make() -> bytes:
        today = clock.now().astimezone(clock.LOCAL).date()
        # Priced in here: what was answered once stays so, though an office closed or a tariff ran out since.
        postage = command.postage(service.directory.offices, service.directory.trading(), known_rates.on(today), today)
        made = await register_practice_parcel(tx, command, postage, number, trader_id, actor.id, clock.now())
        return _view(made).model_dump_json().encode()

    asked = digest(body.model_dump_json(exclude_defaults=True).encode())
    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


@router.get("", responses=LINKED)
async def find(
    actor: Reader, service: Serving, page: Paged, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[ParcelView]:
    """List the practice parcels of the shop, newest first."""
    async with service.database.connection() as connection:
        made = await practice_parcels.of_trader(connection, _shop(actor), page.after(NEWEST), limit)
    return page.show(made, _view, NEWEST, lambda one: (one.made_at, one.parcel.item_number), limit)


@router.get("/{item_number}")
async def read(item_number: str, actor: Reader, service: Serving) -> ParcelView:
    """Return a practice parcel."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        one = await practice_parcels.find(connection, _shop(actor), number)
    if one is None:
        raise PracticeParcelNotFound
    return _view(one)


@router.post("/{item_number}/steps")
async def step(item_number: str, actor: Writer, service: Serving) -> ParcelView:
    """Let a practice parcel go one step on its walk, as scans would."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.transaction() as tx:
        return _view(await step_practice_parcel(tx, _shop(actor), number))


def _shop(actor: Actor) -> UUID:
    """Return the shop of a practice key.

    Raises: PracticeKeyNeeded.
    """
    if not actor.practice or actor.trader is None:
        raise PracticeKeyNeeded
    return UUID(actor.trader)


def _view(one: PracticeParcel) -> ParcelView:
    return ParcelView.of(one.now())

"""Drafts over HTTP: listed, looked at, withdrawn; announced by anybody; and a message read before it is announced."""

from datetime import date
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.drafts.domain.chat_text import MOST_LETTERS, understand
from services.parcel.drafts.domain.draft import DraftSource, DraftState
from services.parcel.drafts.domain.short_number import read_short_number
from services.parcel.drafts.entrypoints.draft_bodies import DraftView, SackView, VisitorBody, VisitorView
from services.parcel.drafts.entrypoints.lifetime import Lifetime
from services.parcel.drafts.entrypoints.places_to_go import must_take_in
from services.parcel.drafts.entrypoints.sack_views import sack_view
from services.parcel.drafts.store.drafts import Filter
from services.parcel.drafts.use_cases.announce_as_visitor import announce_as_visitor
from services.parcel.drafts.use_cases.announce_drafts import Announcing
from services.parcel.drafts.use_cases.find_draft import find_draft
from services.parcel.drafts.use_cases.find_drafts import find_drafts
from services.parcel.drafts.use_cases.find_sack import find_sack
from services.parcel.drafts.use_cases.withdraw_draft import withdraw_draft
from services.parcel.forms import Body, IdempotencyKey, OfficeCode, Serving, Text, View
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.pages import LINKED, Instant, Limit, Paged
from services.parcel.people.domain.sign_in_tries import who_at
from services.parcel.people.entrypoints.proving import address_of
from services.parcel.people.use_cases.count_try import count_try
from services.parcel.pricing.entrypoints.price_views import AmountView
from shared import clock
from shared.access.roles import COUNTER, STAFF, Actor, Role
from shared.access.scopes import Scope
from shared.web.access import actor_with, anyone

log = structlog.get_logger()
router = APIRouter(tags=["drafts"])

Reader = Annotated[Actor, Depends(actor_with(*STAFF, Role.TRADER, scope=Scope.PARCELS_READ))]
Announcer = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.TRADER, scope=Scope.PARCELS_WRITE))]
NEWEST = TypeAdapter(tuple[Instant, UUID])
FREE_ANNOUNCEMENTS = 20
"""Of visitors from one address within an hour; one more waits, longer each time."""
VISITING = "announcing"


class MessageBody(Body):
    """A message as it was pasted from a chat."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Chan Thida, 097 123 4567, Tram Kak district, Takeo, COD 52,000៛"}]}
    )

    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_LETTERS)]


class UnderstoodView(View):
    """What was read in a message, and what was not; nothing is announced by it."""

    name: str | None
    phone: str | None
    place: str | None
    collecting_office: str | None
    address: list[str]
    cod: AmountView | None
    order_reference: str | None
    not_understood: list[str]
    missing: list[str]


class Asked(BaseModel):
    """Which drafts a list is to hold; what is left out does not matter."""

    office: OfficeCode | None = None
    trader_id: UUID | None = None
    state: DraftState | None = None
    sack_id: UUID | None = None
    order_reference: Text | None = None
    number: Text | None = None
    """As it is written on the parcel; of several that had it the open one comes first."""

    def filter(self) -> Filter:
        """Return what is asked for.

        Raises: Invalid.
        """
        serial = read_short_number(self.number) if self.number else None
        return Filter(self.office, self.trader_id, self.state, self.sack_id, self.order_reference, serial)


@router.post("/drafts", status_code=201, response_model=VisitorView, dependencies=[Depends(anyone)])
async def announce(
    body: VisitorBody, request: Request, idempotency_key: IdempotencyKey, lifetime: Lifetime, service: Serving
) -> Response:
    """Announce one parcel without a login; the answer holds its number and nothing that was not sent."""
    who, now = who_at(VISITING, address_of(request)), clock.now()

    async def make() -> bytes:
        offices = service.directory.offices
        must_take_in(offices, "office", body.office, _today())
        parcel = body.announced(body.sender.person("sender", DOMESTIC, abroad=False), offices, _today())
        announcing = Announcing(body.office, None, DraftSource.VISITOR, VISITING, now, now + lifetime)
        draft = await announce_as_visitor(tx, announcing, parcel)
        log.info("parcel announced", draft=str(draft.draft_id), source=DraftSource.VISITOR.value)
        return VisitorView.model_validate(draft).model_dump_json().encode()

    async with service.database.transaction() as tx:
        await count_try(tx, who, now, FREE_ANNOUNCEMENTS)
    asked = digest(body.model_dump_json(exclude_defaults=True).encode())
    async with service.database.transaction() as tx:
        answer = await answer_once(tx, who, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


@router.post("/drafts/text")
async def read_message(body: MessageBody, actor: Announcer, service: Serving) -> UnderstoodView:  # noqa: ARG001 - the wall
    """Read what a pasted message says of a parcel: name, phone, place, amount to collect; and what it does not say."""
    return UnderstoodView.model_validate(understand(body.text, service.directory.offices))


@router.get("/drafts", responses=LINKED)
async def find(
    asked: Annotated[Asked, Query()], actor: Reader, service: Serving, page: Paged, limit: Limit = 50
) -> list[DraftView]:
    """List drafts of the shop or the office, the last announced first; by number for a parcel on the counter."""
    async with service.database.connection() as connection:
        found = await find_drafts(connection, actor, asked.filter(), page.after(NEWEST), limit)
    return page.show(found, DraftView.of, NEWEST, lambda one: (one.announced_at, one.draft_id), limit)


@router.get("/drafts/{draft_id}")
async def show(draft_id: UUID, actor: Reader, service: Serving) -> DraftView:
    """Return one draft."""
    async with service.database.connection() as connection:
        return DraftView.of(await find_draft(connection, actor, draft_id))


@router.post("/drafts/{draft_id}/withdrawal")
async def withdraw(draft_id: UUID, actor: Announcer, service: Serving) -> DraftView:
    """Take back what was announced; its number is free again."""
    async with service.database.transaction() as tx:
        draft = await withdraw_draft(tx, actor, draft_id, clock.now())
    log.info("draft withdrawn", draft=str(draft_id), actor=actor.id)
    return DraftView.of(draft)


@router.get("/sacks/{sack_id}")
async def show_sack(sack_id: UUID, actor: Reader, service: Serving) -> SackView:
    """Return a sack with the drafts in it, as a counter scans its code."""
    async with service.database.connection() as connection:
        return sack_view(*await find_sack(connection, actor, sack_id))


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL).date()

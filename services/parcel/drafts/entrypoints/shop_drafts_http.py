"""A shop announces parcels over HTTP: one, a list, or what stands in a message; and fills sacks."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Response

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.drafts.domain.announced import Announced
from services.parcel.drafts.domain.draft import DraftSource
from services.parcel.drafts.domain.outcome import OrderKnownOtherwise, Outcome, Outcomes
from services.parcel.drafts.entrypoints.draft_bodies import (
    DraftBody,
    DraftView,
    ListBody,
    ListView,
    OutcomeView,
    ProblemView,
    SackBody,
    SackView,
    refused,
)
from services.parcel.drafts.entrypoints.lifetime import Lifetime
from services.parcel.drafts.entrypoints.places_to_go import must_take_in
from services.parcel.drafts.entrypoints.sack_views import sack_view
from services.parcel.drafts.use_cases.announce_drafts import Announcing, announce_drafts
from services.parcel.drafts.use_cases.fill_sack import fill_sack
from services.parcel.forms import IdempotencyKey, Serving
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.people.use_cases.find_shop import find_shop
from shared import clock
from shared.access.roles import COUNTER, Actor, Role
from shared.access.scopes import Scope
from shared.db.connection import Tx
from shared.errors import Invalid
from shared.web.access import actor_with
from shared.web.service import Service

log = structlog.get_logger()
router = APIRouter(prefix="/traders/{trader_id}", tags=["drafts"])

Announcer = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.TRADER, scope=Scope.PARCELS_WRITE))]


@router.post("/drafts", status_code=201, response_model=DraftView)
async def announce(
    trader_id: UUID,
    body: DraftBody,
    actor: Announcer,
    idempotency_key: IdempotencyKey,
    lifetime: Lifetime,
    service: Serving,
) -> Response:
    """Announce a parcel before it is handed in; the same order again gives the draft that there is."""

    async def make() -> bytes:
        announcing = await _announcing(tx, service, actor, trader_id, body.office, lifetime, DraftSource.FORM)
        sender = body.sender.person("sender", DOMESTIC, abroad=False)
        parcel = body.announced(sender, service.directory.offices, _today())
        (made,) = await announce_drafts(tx, announcing, [parcel])
        if made.outcome is Outcome.REFUSED:
            raise OrderKnownOtherwise
        log.info("parcel announced", draft=str(made.draft.draft_id), outcome=made.outcome.value, actor=actor.id)
        return DraftView.of(made.draft).model_dump_json().encode()

    asked = digest(f"{trader_id} {body.model_dump_json(exclude_defaults=True)}".encode())
    async with service.database.transaction() as tx:
        await find_shop(tx, actor, trader_id)
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


@router.post("/drafts/batch", response_model=ListView)
async def announce_list(
    trader_id: UUID,
    body: ListBody,
    actor: Announcer,
    idempotency_key: IdempotencyKey,
    lifetime: Lifetime,
    service: Serving,
) -> Response:
    """Announce up to 500 parcels; each is judged by itself, and what is wrong with one keeps no other back."""

    async def make() -> bytes:
        announcing = await _announcing(tx, service, actor, trader_id, body.office, lifetime, DraftSource.API)
        results, good = _sorted_out(body, service)
        made = await announce_drafts(tx, announcing, list(good.values()))
        results |= {place: _outcome(place, one) for place, one in zip(good, made, strict=True)}
        log.info("parcels announced", trader=str(trader_id), count=len(made), refused=len(results) - len(made))
        return ListView(results=[results[place] for place in sorted(results)]).model_dump_json().encode()

    asked = digest(f"{trader_id} {body.model_dump_json(exclude_defaults=True)}".encode())
    async with service.database.transaction() as tx:
        await find_shop(tx, actor, trader_id)
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, media_type="application/json")


@router.post("/sacks", status_code=201, response_model=SackView)
async def fill(
    trader_id: UUID, body: SackBody, actor: Announcer, idempotency_key: IdempotencyKey, service: Serving
) -> Response:
    """Put drafts into a sack, which has one code to scan for all of them."""

    async def make() -> bytes:
        office = body.office or (await find_shop(tx, actor, trader_id)).office
        made = await fill_sack(tx, trader_id, office, body.label, body.draft_ids, actor.id, clock.now())
        return sack_view(*made).model_dump_json().encode()

    asked = digest(f"{trader_id} {body.model_dump_json(exclude_defaults=True)}".encode())
    async with service.database.transaction() as tx:
        await find_shop(tx, actor, trader_id)
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


async def _announcing(
    tx: Tx,
    service: Service,
    actor: Actor,
    trader_id: UUID,
    office: str | None,
    lifetime: timedelta,
    source: DraftSource,
) -> Announcing:
    shop = await find_shop(tx, actor, trader_id)
    named, now = office or shop.office, clock.now()
    must_take_in(service.directory.offices, "office", named, _today())
    return Announcing(named, trader_id, source, actor.id, now, now + lifetime)


def _sorted_out(body: ListBody, service: Service) -> tuple[dict[int, OutcomeView], dict[int, Announced]]:
    """Return what is refused of a list and what is in order, by place."""
    sender = body.sender.person("sender", DOMESTIC, abroad=False)
    results: dict[int, OutcomeView] = {}
    good: dict[int, Announced] = {}
    for place, one in enumerate(body.drafts):
        try:
            good[place] = one.announced(sender, service.directory.offices, _today())
        except Invalid as refusal:
            results[place] = refused(place, refusal)
    return results, good


def _outcome(place: int, one: Outcomes) -> OutcomeView:
    if one.outcome is Outcome.REFUSED:
        error = OrderKnownOtherwise()
        named = ProblemView(field="order_reference", code=error.slug, message=error.title)
        return OutcomeView(position=place, outcome=one.outcome, errors=[named])
    return OutcomeView(position=place, outcome=one.outcome, draft_id=one.draft.draft_id, number=one.draft.number)


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL).date()

"""One parcel over HTTP: read, correct, cancel."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.forms import CounterStaff, Serving
from services.parcel.posting.entrypoints.bodies import ParcelView, PersonBody
from services.parcel.posting.use_cases.cancel_parcel import cancel_parcel
from services.parcel.posting.use_cases.correct_recipient import correct_recipient
from services.parcel.posting.use_cases.find_parcel import find_parcel
from shared import clock
from shared.access.roles import STAFF, Actor, Role
from shared.access.scopes import Scope
from shared.db.connection import Tx
from shared.failpoints import Place, reached
from shared.s10 import ItemNumber
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/parcels", tags=["parcels"])

Reader = Annotated[Actor, Depends(actor_with(*STAFF, Role.TRADER, scope=Scope.PARCELS_READ))]


@router.get("/{item_number}")
async def read(item_number: str, actor: Reader, service: Serving) -> ParcelView:
    """Return one parcel."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        return ParcelView.of(await find_parcel(connection, actor, number))


@router.put("/{item_number}/recipient")
async def correct(item_number: str, body: PersonBody, actor: CounterStaff, service: Serving) -> ParcelView:
    """Correct the recipient, until the journey ends."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.transaction() as tx:
        country = await _destination(tx, actor, number)
        recipient = body.person("recipient", country, abroad=country != DOMESTIC)
        changed = await correct_recipient(tx, service.outbox, actor, number, recipient, clock.now())
        reached(Place.CORRECTION_WRITTEN)
    reached(Place.CORRECTION_COMMITTED)
    log.info("recipient corrected", item_number=number, actor=actor.id)
    return ParcelView.of(changed)


@router.post("/{item_number}/cancellation")
async def cancel(item_number: str, actor: CounterStaff, service: Serving) -> ParcelView:
    """Cancel a parcel that has not left; one cancelled already stays cancelled."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.transaction() as tx:
        cancelled = await cancel_parcel(tx, service.outbox, actor, number, clock.now())
        reached(Place.CANCELLATION_WRITTEN)
    reached(Place.CANCELLATION_COMMITTED)
    log.info("parcel cancelled", item_number=number, actor=actor.id)
    return ParcelView.of(cancelled)


async def _destination(tx: Tx, actor: Actor, item_number: str) -> str:
    return (await find_parcel(tx, actor, item_number)).destination_country

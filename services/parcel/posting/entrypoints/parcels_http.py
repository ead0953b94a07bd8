"""Parcels over HTTP: register, read, find, correct, cancel."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Query

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.forms import AnyStaff, CounterStaff, OfficeCode, Serving, Text, e164_of
from services.parcel.posting.entrypoints.bodies import ParcelPage, ParcelView, PersonBody
from services.parcel.posting.store.parcel_lists import Filter
from services.parcel.posting.use_cases.cancel_parcel import cancel_parcel
from services.parcel.posting.use_cases.correct_recipient import correct_recipient
from services.parcel.posting.use_cases.find_parcels import find_parcel, find_parcels
from shared import clock
from shared.access.roles import Actor
from shared.contracts.states import CustomerState
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid
from shared.failpoints import Place, reached
from shared.s10 import InvalidItemNumber, ItemNumber

log = structlog.get_logger()
router = APIRouter(prefix="/parcels", tags=["parcels"])


@router.get("")
async def find(
    actor: AnyStaff,
    service: Serving,
    phone: str | None = None,
    order_reference: Text | None = None,
    state: CustomerState | None = None,
    office: OfficeCode | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ParcelPage:
    """List parcels newest first, by phone, order reference or state."""
    wanted = Filter(
        office, e164_of(phone, DOMESTIC, "phone") if phone else None, order_reference, state, _place(cursor)
    )
    async with service.database.connection() as connection:
        parcels = await find_parcels(connection, actor, wanted, limit)
    last = parcels[-1] if len(parcels) == limit else None
    cursor_of_next = _cursor(last.registered_at, last.item_number) if last else None
    return ParcelPage(parcels=[ParcelView.of(parcel) for parcel in parcels], next_cursor=cursor_of_next)


@router.get("/{item_number}")
async def read(item_number: str, actor: AnyStaff, service: Serving) -> ParcelView:
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
        recipient = body.person("recipient", country)
        changed = await correct_recipient(tx, service.outbox, actor, number, recipient)
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


def _cursor(registered_at: datetime, item_number: str) -> str:
    return base64.urlsafe_b64encode(f"{registered_at.isoformat()} {item_number}".encode()).decode()


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    try:
        registered_at, item_number = base64.urlsafe_b64decode(cursor).decode().split(" ")
        return datetime.fromisoformat(registered_at).astimezone(UTC), str(ItemNumber.parse(item_number))
    except (binascii.Error, UnicodeDecodeError, ValueError, OverflowError, InvalidItemNumber):
        problem = FieldProblem("cursor", "not-a-cursor", "Use next_cursor of the page before, as it is.")
        raise Invalid([problem]) from None

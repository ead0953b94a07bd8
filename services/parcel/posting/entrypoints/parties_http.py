"""People of earlier parcels over HTTP: found by phone, and who looked at them, or at shops."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import TypeAdapter

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.forms import AnyStaff, Phone, Serving, View
from services.parcel.pages import LARGEST_PAGE, LINKED, Limit, Paged, Serial
from services.parcel.people.use_cases.find_reads import find_reads
from services.parcel.people.use_cases.find_shop_reads import find_shop_reads
from services.parcel.posting.entrypoints.bodies import PersonView
from services.parcel.posting.use_cases.find_parties import find_parties
from shared.access.roles import Actor, Role
from shared.s10 import ItemNumber
from shared.web.access import actor_with

router = APIRouter(tags=["parcels"])

Auditor = Annotated[Actor, Depends(actor_with(Role.AUDITOR, Role.ADMINISTRATOR))]
LAST: TypeAdapter[int] = TypeAdapter(Serial)


class PartiesView(View):
    """A sender and a recipient, as they were last written."""

    sender: PersonView
    recipient: PersonView


class ReadView(View):
    """One look at the data of people."""

    read_at: datetime
    actor: str
    office: str | None
    what: str


@router.get("/parties")
async def look_up(
    phone: Phone,
    actor: AnyStaff,
    service: Serving,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> list[PartiesView]:
    """Find both parties of what a phone stands on, the newest first, within your office.

    Parcels, and items from abroad by their addressee; of a sender abroad the name alone is known.
    """
    wanted = e164_of(phone, DOMESTIC, "phone")
    async with service.database.connection() as connection:
        pairs = await find_parties(connection, actor, wanted, limit)
    return [PartiesView.model_validate({"sender": one, "recipient": other}) for one, other in pairs]


@router.get("/parcels/{item_number}/reads", responses=LINKED)
async def show_reads(
    item_number: str, _actor: Auditor, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[ReadView]:
    """Show who of the staff read the data of the people on a parcel or an item from abroad, the last first."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        reads = await find_reads(connection, number, page.after(LAST), limit)
    page.link_next(LAST, [read.read_id for read in reads], limit)
    return [ReadView.model_validate(read) for read in reads]


@router.get("/traders/{trader_id}/reads", responses=LINKED)
async def show_shop_reads(
    trader_id: UUID, actor: Auditor, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[ReadView]:
    """Show who of the staff read the data of a shop, the last first."""
    async with service.database.connection() as connection:
        reads = await find_shop_reads(connection, actor, trader_id, page.after(LAST), limit)
    page.link_next(LAST, [read.read_id for read in reads], limit)
    return [ReadView.model_validate(read) for read in reads]

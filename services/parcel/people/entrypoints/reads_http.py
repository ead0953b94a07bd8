"""Who read whose data, over HTTP: on a parcel, of a shop, by a member of staff."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import TypeAdapter

from services.parcel.forms import Serving, View
from services.parcel.pages import LARGEST_PAGE, LINKED, Limit, Paged, Serial
from services.parcel.people.use_cases.find_reads import find_reads
from services.parcel.people.use_cases.find_shop_reads import find_shop_reads
from services.parcel.people.use_cases.find_staff_reads import find_staff_reads
from shared.access.roles import Actor, Role
from shared.s10 import ItemNumber
from shared.web.access import actor_with

router = APIRouter(tags=["people"])

Auditor = Annotated[Actor, Depends(actor_with(Role.AUDITOR, Role.ADMINISTRATOR))]
LAST: TypeAdapter[int] = TypeAdapter(Serial)


class ReadView(View):
    """One look at the data of people."""

    read_at: datetime
    actor: str
    office: str | None
    what: str


class StaffReadView(ReadView):
    """One look, and at whom: on which parcels and items, of which shops and colleagues."""

    item_numbers: list[str]
    subjects: list[UUID]


@router.get("/parcels/{item_number}/reads", responses=LINKED)
async def show_reads(
    item_number: str, _actor: Auditor, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[ReadView]:
    """Show who of the staff read the data of the people on a parcel or an item from abroad, the last first."""
    number = str(ItemNumber.parse(item_number))
    async with service.database.connection() as connection:
        reads = await find_reads(connection, number, page.after(LAST), limit)
    return page.show(reads, ReadView.model_validate, LAST, lambda read: read.read_id, limit)


@router.get("/traders/{trader_id}/reads", responses=LINKED)
async def show_shop_reads(
    trader_id: UUID, actor: Auditor, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[ReadView]:
    """Show who of the staff read the data of a shop, the last first."""
    async with service.database.connection() as connection:
        reads = await find_shop_reads(connection, actor, trader_id, page.after(LAST), limit)
    return page.show(reads, ReadView.model_validate, LAST, lambda read: read.read_id, limit)


@router.get("/staff/{staff_id}/reads", responses=LINKED)
async def show_staff_reads(
    staff_id: UUID, actor: Auditor, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[StaffReadView]:
    """Show whose data a member of staff read, the last first; who asks is noted in turn."""
    async with service.database.connection() as connection:
        reads = await find_staff_reads(connection, actor, staff_id, page.after(LAST), limit)
    return page.show(reads, StaffReadView.model_validate, LAST, lambda read: read.read_id, limit)

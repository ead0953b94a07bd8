"""Lists of parcels over HTTP: page by page, or all as a table."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.forms import OfficeCode, Phone, Serving, Text, beginning_of, end_of
from services.parcel.posting.entrypoints import parcel_table
from services.parcel.posting.entrypoints.bodies import ParcelPage, ParcelView
from services.parcel.posting.entrypoints.cursors import Cursor
from services.parcel.posting.store.parcel_lists import Filter
from services.parcel.posting.use_cases.find_parcels import LARGEST_PAGE, find_parcels
from services.parcel.posting.use_cases.search_parcels import search_parcels
from services.parcel.tables import Table, table
from shared.access.roles import STAFF, Actor, Role
from shared.access.scopes import Scope
from shared.contracts.states import CustomerState
from shared.web.access import actor_with
from shared.web.service import Service

router = APIRouter(tags=["parcels"])

Reader = Annotated[Actor, Depends(actor_with(*STAFF, Role.TRADER, scope=Scope.PARCELS_READ))]


class Asked(BaseModel):
    """What a list is to hold; what is left out does not matter."""

    phone: Phone | None = None
    order_reference: Text | None = None
    state: CustomerState | None = None
    office: OfficeCode | None = None
    since: date | None = None
    """First day, as days are counted in Cambodia."""
    until: date | None = None
    """Last day."""
    first: Literal["newest", "problems"] = "newest"
    """With `problems`, those that need somebody to do something come before all others."""

    def filter(self) -> Filter:
        """Return what is asked for, from the beginning.

        Raises: Invalid.
        """
        return Filter(
            office=self.office,
            phone=e164_of(self.phone, DOMESTIC, "phone") if self.phone else None,
            order_reference=self.order_reference,
            state=self.state,
            since=beginning_of(self.since),
            until=end_of(self.until),
            problems="only" if self.first == "problems" else "among",
        )


@router.get("/parcels")
async def find(
    asked: Annotated[Asked, Query()],
    actor: Reader,
    service: Serving,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
) -> ParcelPage:
    """List parcels newest first, by phone, order reference, state, office or days."""
    wanted = asked.filter()
    if cursor is not None:
        wanted = Cursor.read(cursor).goes_on(wanted)
    async with service.database.connection() as connection:
        parcels = await find_parcels(connection, actor, wanted, limit)
    more = len(parcels) == limit
    return ParcelPage(
        parcels=[ParcelView.of(parcel) for parcel in parcels],
        next_cursor=Cursor.after(parcels[-1], wanted).text() if more else None,
    )


@router.get("/parcels/search")
async def search(
    q: Annotated[str, Query(min_length=2, max_length=120)],
    actor: Reader,
    service: Serving,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 20,
) -> list[ParcelView]:
    """Find parcels by a name in Khmer or Latin letters, however spelled, by a phone or by its last four digits."""
    async with service.database.connection() as connection:
        return [ParcelView.of(parcel) for parcel in await search_parcels(connection, actor, q, limit)]


@router.get("/parcels.csv", response_class=Table)
async def export(asked: Annotated[Asked, Query()], actor: Reader, service: Serving) -> Table:
    """Give the whole list as a table that a spreadsheet opens; sent row by row."""
    return await table(_rows(service, actor, asked.filter()), "parcels")


async def _rows(service: Service, actor: Actor, wanted: Filter) -> AsyncIterator[str]:
    """Write a table portion by portion, on a connection for each: a slow reader must not hold one."""
    portion_of, written = wanted, parcel_table.HEAD
    while True:
        async with service.database.connection() as connection:
            parcels = await find_parcels(connection, actor, portion_of, LARGEST_PAGE)
        yield written + "".join(map(parcel_table.row, parcels))
        if len(parcels) < LARGEST_PAGE:
            return
        portion_of, written = Cursor.after(parcels[-1], portion_of).goes_on(portion_of), ""

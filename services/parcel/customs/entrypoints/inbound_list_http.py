"""The list of items from abroad over HTTP, page by page or all as a table, and how they are found."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.khmer_search import query_terms
from services.parcel.addresses.domain.phone_search import phone_ending
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.customs.domain.inbound_lists import BEGINNING, InboundFilter, Place
from services.parcel.customs.entrypoints import inbound_table
from services.parcel.customs.entrypoints.inbound_bodies import InboundItemView
from services.parcel.customs.use_cases.find_inbound_items import LARGEST_PAGE, find_inbound_items
from services.parcel.forms import AnyStaff, OfficeCode, Phone, Serving, View, beginning_of, end_of
from services.parcel.pages import Instant, Word, cursor_at, place_at
from services.parcel.tables import Table, table
from shared.access.roles import Actor
from shared.contracts.states import CustomerState
from shared.web.service import Service

router = APIRouter(tags=["inbound"])

PLACES: TypeAdapter[tuple[bool, datetime, str]] = TypeAdapter(tuple[bool, Instant, Word])


class Asked(BaseModel):
    """What the list is to hold; what is left out does not matter."""

    q: Annotated[str, StringConstraints(min_length=2, max_length=120)] | None = Field(None, examples=["Chan Thida"])
    """The addressee's name in Khmer or Latin letters, however spelled; a phone, or the last four digits of one."""
    phone: Phone | None = Field(None, examples=["097 123 4567"])
    """Of the addressee, whole."""
    state: CustomerState | None = None
    office: OfficeCode | None = None
    """One that took the item in, holds it or will hand it over."""
    since: date | None = None
    """First day, as days are counted in Cambodia."""
    until: date | None = None
    """Last day."""

    def filter(self) -> InboundFilter:
        """Return what is asked for.

        Raises: Invalid.
        """
        return InboundFilter(
            words=query_terms(self.q) if self.q else None,
            phone_ending=phone_ending(self.q) if self.q else None,
            phone=e164_of(self.phone, DOMESTIC, "phone") if self.phone else None,
            state=self.state,
            office=self.office,
            since=beginning_of(self.since),
            until=end_of(self.until),
        )


class InboundItemPage(View):
    """Items from abroad, and where the next page begins."""

    items: list[InboundItemView]
    next_cursor: str | None


@router.get("/inbound-items")
async def find(
    asked: Annotated[Asked, Query()],
    actor: AnyStaff,
    service: Serving,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 50,
) -> InboundItemPage:
    """List items from abroad newest first, by addressee, phone, state, office or days; the best fit for `q` first."""
    wanted = asked.filter()
    after = Place(*place_at(PLACES, cursor)) if cursor is not None else BEGINNING
    async with service.database.connection() as connection:
        page = await find_inbound_items(connection, actor, wanted, after, limit)
    return InboundItemPage(
        items=[InboundItemView.model_validate(item) for item in page.items],
        next_cursor=cursor_at(PLACES, page.last) if page.last else None,
    )


@router.get("/inbound-items.csv", response_class=Table)
async def export(asked: Annotated[Asked, Query()], actor: AnyStaff, service: Serving) -> Table:
    """Give the whole list as a table that a spreadsheet opens; sent row by row."""
    return await table(_rows(service, actor, asked.filter()), "inbound-items")


async def _rows(service: Service, actor: Actor, wanted: InboundFilter) -> AsyncIterator[str]:
    """Write a table portion by portion, on a connection for each: a slow reader must not hold one."""
    after, written = BEGINNING, inbound_table.HEAD
    while True:
        async with service.database.connection() as connection:
            page = await find_inbound_items(connection, actor, wanted, after, LARGEST_PAGE)
        yield written + "".join(map(inbound_table.row, page.items))
        if page.last is None:
            return
        after, written = page.last, ""

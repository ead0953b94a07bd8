"""A shop's address book over HTTP: for its members and programs; of the staff auditors alone look."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from pydantic import ConfigDict, TypeAdapter

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.printable_letters import print_problem
from services.parcel.addresses.entrypoints.address_fields import AddressBody
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.forms import CountryCode, Phone, Serving, Text, View
from services.parcel.pages import LINKED, Instant, Limit, Paged
from services.parcel.people.domain.address_book import Entry
from services.parcel.people.use_cases.find_addresses import find_addresses
from services.parcel.people.use_cases.find_shop import find_shop
from services.parcel.people.use_cases.forget_address import forget_address
from services.parcel.people.use_cases.keep_address import keep_address
from shared import clock
from shared.access.roles import Actor, Role
from shared.access.scopes import Scope
from shared.errors import Invalid, gathering
from shared.ids import new_id
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/traders/{trader_id}/addresses", tags=["traders"])

Sender = Annotated[Actor, Depends(actor_with(Role.TRADER, scope=Scope.ADDRESSES))]
Reader = Annotated[Actor, Depends(actor_with(Role.TRADER, Role.AUDITOR, scope=Scope.ADDRESSES))]
LAST_KEPT = TypeAdapter(tuple[Instant, UUID])


BUYER = {"name": "ចាន់ ធីតា", "phone": "097 123 4567", "address": ["ភូមិតាអែម", "ត្រាំកក់"]}


class EntryBody(AddressBody):
    """A person whom a shop sends to."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "ចាន់ ធីតា", "phone": "097 123 4567", "address": ["ភូមិតាអែម", "ត្រាំកក់"]}]}
    )

    name: Text
    phone: Phone
    language: Literal["km", "en"] = "km"
    country: CountryCode = DOMESTIC

    def entry(self, trader_id: UUID) -> Entry:
        """Return the entry in a shop's book, with the phone as E.164 and the address as the country asks for it.

        Raises: Invalid.
        """
        with gathering() as part:
            with part():
                phone = e164_of(self.phone, self.country, "phone")
            with part():
                address = self.address_in(self.country, "")
            with part():
                self._must_be_printable()
        return Entry(
            entry_id=new_id(),
            trader_id=trader_id,
            name=self.name,
            phone=phone,
            language=self.language,
            country=self.country,
            address=address.lines,
            postal_code=address.postal_code,
            place=address.place_code,
            city=address.city,
            region=address.region,
        )

    def _must_be_printable(self) -> None:
        """Check that a parcel could be sent to whom it names: papers show them."""
        lines = {f"address.{n}": line for n, line in enumerate(self.address)}
        written = {"name": self.name, **lines, "city": self.city or "", "region": self.region or ""}
        if problems := [problem for name, text in written.items() if (problem := print_problem(text, name))]:
            raise Invalid(problems)


class EntryView(View):
    """A person in a shop's address book."""

    entry_id: UUID
    name: str
    phone: str
    language: str
    country: str
    address: list[str]
    postal_code: str | None
    place: str | None
    city: str | None
    region: str | None


@router.get("", responses=LINKED)
async def show_addresses(
    trader_id: UUID,
    actor: Reader,
    service: Serving,
    page: Paged,
    phone: Phone | None = None,
    limit: Limit = 100,
) -> list[EntryView]:
    """List whom the shop sends to, the last kept first, or the one of a phone."""
    wanted = e164_of(phone, DOMESTIC, "phone") if phone else None
    async with service.database.connection() as connection:
        entries = await find_addresses(connection, actor, trader_id, wanted, page.after(LAST_KEPT), limit)
    return page.show(entries, EntryView.model_validate, LAST_KEPT, _place, limit)


@router.put("")
async def keep_one(trader_id: UUID, body: EntryBody, actor: Sender, service: Serving) -> EntryView:
    """Keep a person; one of the same phone is replaced, so that sending twice changes nothing."""
    wanted = body.entry(trader_id)
    async with service.database.transaction() as tx:
        await find_shop(tx, actor, trader_id)
        entry = await keep_address(tx, wanted, clock.now())
    return EntryView.model_validate(entry)


@router.delete("/{entry_id}", status_code=204)
async def forget_one(trader_id: UUID, entry_id: UUID, actor: Sender, service: Serving) -> None:
    """Forget a person."""
    async with service.database.transaction() as tx:
        await find_shop(tx, actor, trader_id)
        await forget_address(tx, trader_id, entry_id)


def _place(entry: Entry) -> tuple[datetime, UUID]:
    assert entry.kept_at is not None
    return entry.kept_at, entry.entry_id

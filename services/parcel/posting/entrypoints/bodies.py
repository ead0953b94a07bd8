"""What the HTTP side takes and gives: request and answer models of parcels."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.parcel.addresses.domain.countries import DOMESTIC, must_be_country
from services.parcel.addresses.domain.latin_letters import latin_problem
from services.parcel.addresses.domain.printable_letters import print_problem, unprintable_letters
from services.parcel.addresses.entrypoints.address_fields import AddressBody
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.customs.domain.advance_data import WITHOUT_GOODS
from services.parcel.forms import Body, CountryCode, OfficeCode, Phone, Text, View
from services.parcel.posting.domain.non_delivery import IfUndeliverable, instruction_problem
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.pricing.domain.limits import Shape, across
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.tariff import Option
from services.parcel.pricing.entrypoints.price_views import AmountBody, AmountView, Options, PriceView
from shared.contracts.parcel import Service
from shared.contracts.states import CustomerState
from shared.errors import FieldProblem, Invalid, gathering

SideMm = Annotated[int, Field(ge=1, le=3_000)]


BUYER: JsonDict = {"name": "ចាន់ ធីតា", "phone": "097 123 4567", "address": ["ភូមិតាអែម", "ត្រាំកក់"]}
EXAMPLE: JsonDict = {
    "office": "TK01A",
    "collecting_office": "TK03A",
    "weight_g": 1200,
    "length_mm": 300,
    "width_mm": 200,
    "height_mm": 150,
    "sender": {"name": "Sok Dara", "phone": "012 345 678", "language": "en"},
    "recipient": BUYER,
    "order_reference": "W-1024",
    "options": ["advice_of_receipt"],
    "payer": "cod",
    "cod": {"amount_minor": 52000, "currency": "KHR"},
}


class PersonBody(AddressBody):
    """A sender or recipient as the counter types it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "ចាន់ ធីតា", "phone": "097 123 4567", "address": ["ភូមិតាអែម", "ត្រាំកក់"]}]}
    )

    name: Text
    phone: Phone
    language: Literal["km", "en"] = "km"

    def person(self, field: str, country: str, *, abroad: bool) -> Person:
        """Return the person, with the phone as E.164 and the address as the country asks for it.

        Whoever stands on a parcel that goes abroad is named in Latin letters, here and there.

        Raises: Invalid.
        """
        with gathering() as part:
            with part():
                phone = e164_of(self.phone, country, f"{field}.phone")
            with part():
                address = self.address_in(country, field)
            with part():
                self._must_be_readable(field, abroad=abroad)
        return Person(
            self.name,
            phone,
            self.language,
            address.lines,
            address.postal_code,
            address.place_code,
            address.city,
            address.region,
        )

    def _must_be_readable(self, field: str, *, abroad: bool) -> None:
        """Check that papers can show what is written, and abroad that those there can read it."""
        texts = (self.name, *self.address, self.city or "", self.region or "")
        # Nearly every parcel stays here, and a registration waits for this.
        if not abroad and not unprintable_letters("".join(texts)):
            return
        lines = {f"{field}.address.{n}": line for n, line in enumerate(self.address)}
        town = {f"{field}.city": self.city or "", f"{field}.region": self.region or ""}
        problems = []
        for name, text in {f"{field}.name": self.name, **lines, **town}.items():
            problem = (latin_problem(text, name) if abroad else None) or print_problem(text, name)
            if problem:
                problems.append(problem)
        if problems:
            raise Invalid(problems)


class RegisterBody(Body):
    """A parcel to register."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    office: OfficeCode | None = None
    """The office of posting; yours if left out."""
    service: Service = "parcel"
    destination_country: CountryCode = DOMESTIC
    collecting_office: OfficeCode | None = None
    weight_g: Annotated[int, Field(ge=1, le=100_000)]
    length_mm: SideMm | None = None
    width_mm: SideMm | None = None
    height_mm: SideMm | None = None
    shape: Shape = "box"
    """Width and height of a roll are both its diameter; one of them is enough."""
    fits_limits: bool = False
    """You see that it is within the limits of size and not so large that size costs, as a box of the post is.

    Then sides may be left out; letters need neither.
    """
    sender: PersonBody
    recipient: PersonBody
    order_reference: Text | None = None
    trader: UUID | None = None
    """The shop that sends it, if it is one of the post's."""
    item_number: Text | None = None
    """The number of a sticker of your office that is on the parcel; the next number is given if left out."""
    options: Options = frozenset()
    """What is asked for beside the carriage; each has its line in the price."""
    payer: Payer = Payer.SENDER
    """Who pays the postage; `cod` keeps it back from what is collected."""
    insured_value: AmountBody | None = None
    cod: AmountBody | None = None
    """What is collected from the recipient for the sender."""
    if_undeliverable: IfUndeliverable = IfUndeliverable.RETURN
    """What the sender wants of a parcel abroad that cannot be delivered; it stands on the dispatch note."""
    redirect_to: Text | None = None
    """Who gets it instead, and where, in Latin letters."""

    def command(self, office: str) -> RegisterParcel:
        """Return what is asked for, by an actor of this office.

        Raises: Invalid.
        """
        abroad = self.destination_country != DOMESTIC
        with gathering() as part:
            with part():
                sender = self.sender.person("sender", DOMESTIC, abroad=abroad)
            with part():
                must_be_country(self.destination_country)
                recipient = self.recipient.person("recipient", self.destination_country, abroad=abroad)
            with part():
                self._must_say_where_it_is_from()
            with part():
                self._must_be_possible()
        width_mm, height_mm = across(self.shape, self.width_mm, self.height_mm)
        return RegisterParcel(
            office=office,
            service=self.service,
            destination_country=self.destination_country,
            collecting_office=self.collecting_office,
            weight_g=self.weight_g,
            length_mm=self.length_mm,
            width_mm=width_mm,
            height_mm=height_mm,
            sender=sender,
            recipient=recipient,
            order_reference=self.order_reference,
            trader=str(self.trader) if self.trader else None,
            shape=self.shape,
            payer=self.payer,
            insured_value=self.insured_value.amount() if self.insured_value else None,
            cod=self.cod.amount() if self.cod else None,
            options=self.options,
            fits_limits=self.fits_limits,
            if_undeliverable=self.if_undeliverable,
            redirect_to=self.redirect_to,
        )

    def _must_say_where_it_is_from(self) -> None:
        """Check that goods that go abroad have what no clerk can add later: without it they never leave."""
        if self.destination_country == DOMESTIC or self.service in WITHOUT_GOODS:
            return
        if not (self.sender.address or self.sender.place):
            message = "Write where the sender is, or choose the place: the post abroad must know it before goods leave."
            raise Invalid([FieldProblem("sender.address", "missing", message)])

    def _must_be_possible(self) -> None:
        problem = instruction_problem(self.if_undeliverable, self.redirect_to, self.destination_country)
        if problem:
            raise Invalid([problem])


class PersonView(View):
    """A sender or recipient."""

    name: str
    phone: str
    language: str
    address: list[str]
    postal_code: str | None
    place: str | None
    city: str | None
    region: str | None


class PostageView(View):
    """What the carriage costs, as it was reckoned at registration, and who pays; what is insured and collected."""

    payer: Payer
    options: list[Option]
    price: PriceView
    insured_value: AmountView | None
    cod: AmountView | None


class ParcelView(View):
    """A parcel as staff see it."""

    item_number: str
    item_number_grouped: str
    office: str
    service: Service
    destination_country: str
    collecting_office: str | None
    weight_g: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    fits_limits: bool
    """What the counter said of one that it did not measure; false too for parcels of the time before it was asked."""
    sender: PersonView
    recipient: PersonView
    order_reference: str | None
    link_secret: str
    registered_at: AwareDatetime
    state: CustomerState
    cancelled_at: AwareDatetime | None
    holding_office: str | None
    trader: str | None
    postage: PostageView | None
    """None for parcels of the time before prices were kept."""
    if_undeliverable: IfUndeliverable
    redirect_to: str | None
    version: int

    @classmethod
    def of(cls, parcel: Parcel) -> "ParcelView":
        """Show a parcel."""
        return cls.model_validate(parcel)


class ParcelPage(BaseModel):
    """Parcels newest first, and where the next page begins."""

    parcels: list[ParcelView]
    next_cursor: str | None

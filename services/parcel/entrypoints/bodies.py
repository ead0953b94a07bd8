"""What the HTTP side takes and gives: request and answer models of parcels."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.parcel.domain.countries import must_be_country
from services.parcel.domain.parcel import Parcel
from services.parcel.domain.people import DOMESTIC, NotAPhoneNumber, Person, e164
from services.parcel.domain.registration import RegisterParcel
from shared.contracts.parcel import Service
from shared.contracts.states import CustomerState
from shared.errors import FieldProblem, Invalid, gathering

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$")
]
OfficeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{4,8}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
SideMm = Annotated[int, Field(ge=1, le=3_000)]


class Body(BaseModel):
    """A request body; unknown fields are refused so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid", str_max_length=2_000)


class PersonBody(Body):
    """A sender or recipient as the counter types it."""

    name: Text
    phone: Annotated[str, StringConstraints(min_length=6, max_length=40)]
    language: Literal["km", "en"] = "km"
    address: Annotated[list[Text], Field(max_length=4)] = []
    postal_code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 \-]{2,12}$")] | None = None

    def person(self, field: str, country: str) -> Person:
        """Return the person, with the phone as E.164.

        Raises: Invalid.
        """
        try:
            phone = e164(self.phone, country)
        except NotAPhoneNumber:
            message = "This is no phone number; write it as 012 345 678, or with + and the country's number."
            raise Invalid([FieldProblem(f"{field}.phone", "not-a-phone-number", message)]) from None
        return Person(self.name, phone, self.language, tuple(self.address), self.postal_code)


class RegisterBody(Body):
    """A parcel to register."""

    office: OfficeCode | None = None
    """The office of posting; yours if left out."""
    service: Service = "parcel"
    destination_country: CountryCode = DOMESTIC
    collecting_office: OfficeCode | None = None
    weight_g: Annotated[int, Field(ge=1, le=100_000)]
    length_mm: SideMm | None = None
    width_mm: SideMm | None = None
    height_mm: SideMm | None = None
    sender: PersonBody
    recipient: PersonBody
    order_reference: Text | None = None

    def command(self, office: str) -> RegisterParcel:
        """Return what is asked for, by an actor of this office.

        Raises: Invalid.
        """
        with gathering() as part:
            with part():
                sender = self.sender.person("sender", DOMESTIC)
            with part():
                must_be_country(self.destination_country)
                recipient = self.recipient.person("recipient", self.destination_country)
        return RegisterParcel(
            office=office,
            service=self.service,
            destination_country=self.destination_country,
            collecting_office=self.collecting_office,
            weight_g=self.weight_g,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            sender=sender,
            recipient=recipient,
            order_reference=self.order_reference,
        )


class View(BaseModel):
    """An answer, read off the object that it shows."""

    model_config = ConfigDict(from_attributes=True)


class PersonView(View):
    """A sender or recipient."""

    name: str
    phone: str
    language: str
    address: list[str]
    postal_code: str | None


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
    sender: PersonView
    recipient: PersonView
    order_reference: str | None
    link_secret: str
    registered_at: AwareDatetime
    state: CustomerState
    cancelled_at: AwareDatetime | None
    holding_office: str | None
    version: int

    @classmethod
    def of(cls, parcel: Parcel) -> "ParcelView":
        """Show a parcel."""
        return cls.model_validate(parcel)


class ParcelPage(BaseModel):
    """Parcels newest first, and where the next page begins."""

    parcels: list[ParcelView]
    next_cursor: str | None


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("zero_character", "Leave the zero character out; no name has one.")
    return text


class SignInBody(Body):
    """Name and passphrase of a member of staff."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_storable)]
    passphrase: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class SessionView(BaseModel):
    """A short token and whom it speaks of."""

    token: str
    expires_at: datetime
    actor: str
    role: str
    office: str | None

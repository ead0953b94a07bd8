"""What the HTTP side takes and gives: announced parcels."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.drafts.domain.announced import Announced
from services.parcel.drafts.domain.draft import Draft, DraftSource, DraftState
from services.parcel.drafts.domain.outcome import Outcome
from services.parcel.drafts.domain.sack import MOST_DRAFTS
from services.parcel.drafts.entrypoints.places_to_go import Offices, must_take_in
from services.parcel.forms import Body, OfficeCode, Text, View
from services.parcel.posting.domain.person import Person
from services.parcel.posting.entrypoints.bodies import BUYER, PersonBody, PersonView, SideMm
from services.parcel.pricing.domain.limits import Shape, across
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.tariff import Option
from services.parcel.pricing.entrypoints.price_views import AmountBody, AmountView, Options
from shared.contracts.parcel import Service
from shared.errors import Invalid, gathering

MOST_IN_A_LIST = 500
SELLER: JsonDict = {"name": "Sok Dara", "phone": "012 345 678", "language": "en"}
TO_BUYER: JsonDict = {
    "recipient": BUYER,
    "collecting_office": "TK03A",
    "order_reference": "W-1024",
    "weight_g": 1200,
    "cod": {"amount_minor": 52000, "currency": "KHR"},
}
EXAMPLE: JsonDict = {"office": "TK01A", "sender": SELLER, **TO_BUYER}


class OneBody(Body):
    """One parcel within the country, to whom it goes; the counter weighs it."""

    recipient: PersonBody
    collecting_office: OfficeCode
    service: Service = "parcel"
    weight_g: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """As you weighed it; the counter asks you if it finds much more or less."""
    length_mm: SideMm | None = None
    width_mm: SideMm | None = None
    height_mm: SideMm | None = None
    shape: Shape = "box"
    order_reference: Text | None = None
    """Yours, each once: announced again it is known, with other content it is refused."""
    payer: Payer = Payer.SENDER
    insured_value: AmountBody | None = None
    cod: AmountBody | None = None
    """What is collected from the recipient for you."""
    options: Options = frozenset()

    def announced(self, sender: Person, offices: Offices, day: date) -> Announced:
        """Return what is announced.

        Raises: Invalid, with every problem found.
        """
        with gathering() as part:
            with part():
                recipient = self.recipient.person("recipient", DOMESTIC, abroad=False)
            with part():
                must_take_in(offices, "collecting_office", self.collecting_office, day)
        width_mm, height_mm = across(self.shape, self.width_mm, self.height_mm)
        return Announced(
            sender=sender,
            recipient=recipient,
            collecting_office=self.collecting_office,
            service=self.service,
            weight_g=self.weight_g,
            length_mm=self.length_mm,
            width_mm=width_mm,
            height_mm=height_mm,
            shape=self.shape,
            order_reference=self.order_reference,
            payer=self.payer,
            insured_value=self.insured_value.amount() if self.insured_value else None,
            cod=self.cod.amount() if self.cod else None,
            options=tuple(sorted(self.options)),
        )


class DraftBody(OneBody):
    """One parcel that a shop announces."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    office: OfficeCode | None = None
    """Where you will hand it in; the office of the shop if left out."""
    sender: PersonBody


class VisitorBody(OneBody):
    """One parcel that somebody without a shop announces."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    office: OfficeCode
    """Where you will hand it in."""
    sender: PersonBody


class ListBody(Body):
    """Parcels that a shop announces together."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"office": "TK01A", "sender": SELLER, "drafts": [TO_BUYER]}]}
    )

    office: OfficeCode | None = None
    sender: PersonBody
    """Of all of them."""
    drafts: Annotated[list[OneBody], Field(min_length=1, max_length=MOST_IN_A_LIST)]


class SackBody(Body):
    """Drafts to put into one sack."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"label": "Monday"}]})

    office: OfficeCode | None = None
    """Where the sack is handed in; the office of the shop if left out."""
    label: Text | None = None
    draft_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_DRAFTS)] | None = None
    """All open drafts for this office that are in no sack, if left out."""


class AnnouncedView(View):
    """What was announced."""

    sender: PersonView
    recipient: PersonView
    collecting_office: str
    service: Service
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    payer: Payer
    insured_value: AmountView | None
    cod: AmountView | None
    options: list[Option]


class DraftView(View):
    """A draft as its shop and the counter see it."""

    draft_id: UUID
    number: str
    """To be written on the parcel; no other open draft of this office has it."""
    office: str
    state: DraftState
    source: DraftSource
    trader_id: UUID | None
    sack_id: UUID | None
    order_reference: str | None
    announced: AnnouncedView | None
    """None once it is closed: its people are on the parcel that it became, or forgotten."""
    announced_at: AwareDatetime
    expires_at: AwareDatetime
    closed_at: AwareDatetime | None
    item_number: str | None

    @classmethod
    def of(cls, draft: Draft) -> "DraftView":
        """Show a draft."""
        return cls.model_validate(draft)


class ProblemView(BaseModel):
    """One field that was refused."""

    field: str
    code: str
    message: str


class OutcomeView(BaseModel):
    """What became of one parcel of a list."""

    position: int
    """In the list, from 0."""
    outcome: Outcome
    draft_id: UUID | None = None
    number: str | None = None
    errors: list[ProblemView] = []


class ListView(BaseModel):
    """What became of each parcel of a list, in order."""

    results: list[OutcomeView]


class VisitorView(View):
    """What a visitor is told: the number to write on the parcel, and how long the draft is kept."""

    draft_id: UUID
    number: str
    office: str
    expires_at: AwareDatetime


class InSackView(View):
    """A draft in a sack; whom it goes to is shown by itself."""

    draft_id: UUID
    number: str
    state: DraftState
    item_number: str | None


class SackView(BaseModel):
    """A sack with its drafts by their numbers."""

    sack_id: UUID
    trader_id: UUID
    office: str
    label: str | None
    code: str
    """What its QR code says."""
    made_at: AwareDatetime
    drafts: list[InSackView]


def refused(position: int, refusal: Invalid) -> OutcomeView:
    """Show a parcel of a list that was not announced."""
    errors = [ProblemView(field=one.field, code=one.code, message=one.message) for one in refusal.problems]
    return OutcomeView(position=position, outcome=Outcome.REFUSED, errors=errors)

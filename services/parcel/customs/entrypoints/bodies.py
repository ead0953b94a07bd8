"""What the HTTP side takes and gives about declarations."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.parcel.addresses.domain.countries import must_be_country
from services.parcel.customs.domain.advance_data import still_missing
from services.parcel.customs.domain.customs_form import CustomsForm
from services.parcel.customs.domain.declaration import Category, ContentLine, Declaration, Declared
from services.parcel.customs.domain.goods import catalogue
from services.parcel.customs.domain.itmatt import LARGEST_AMOUNT_MINOR, MOST_ARTICLES
from services.parcel.customs.domain.posted_item import PostedItem, Sending
from services.parcel.forms import Body, CountryCode, Text, View
from shared.contracts.parcel import Service

AmountMinor = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT_MINOR)]
WeightG = Annotated[int, Field(ge=0, le=100_000)]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
GoodsId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9\-]{1,40}$")]
HsCode = Annotated[str, StringConstraints(pattern=r"^[0-9. ]{1,20}$")]


EXAMPLE: JsonDict = {
    "category": "gift",
    "currency": "USD",
    "lines": [
        {"goods": "krama-silk", "quantity": 2, "net_weight_g": 300, "value_minor": 2400, "origin_country": "KH"},
        {"description": "Palm sugar", "quantity": 1, "net_weight_g": 500, "value_minor": 400, "hs_code": "170290"},
    ],
}


class ContentLineBody(Body):
    """Things of one kind; what is picked in the catalogue needs neither description nor HS code."""

    goods: GoodsId | None = None
    description: Text | None = None
    quantity: Annotated[int, Field(ge=0, le=100_000)]
    net_weight_g: WeightG
    value_minor: AmountMinor
    """Of all of them together, in the minor unit of the currency."""
    hs_code: HsCode | None = None
    origin_country: CountryCode | None = None

    def line(self, on: date) -> ContentLine:
        """Return the line, filled from the catalogue of a day."""
        goods = catalogue(on).get(self.goods) if self.goods else None
        return ContentLine(
            description=self.description or (goods.en if goods else ""),
            quantity=self.quantity,
            net_weight_g=self.net_weight_g,
            value_minor=self.value_minor,
            hs_code="".join(sign for sign in self.hs_code if sign not in ". ")
            if self.hs_code
            else (goods.hs_code if goods else None),
            origin_country=self.origin_country,
            goods=self.goods,
        )


class DeclarationBody(Body):
    """The content of an item."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    category: Category
    currency: CurrencyCode
    lines: Annotated[list[ContentLineBody], Field(max_length=MOST_ARTICLES)]
    explanation: Text | None = None
    sender_reference: Text | None = None
    importer_reference: Text | None = None
    licence_number: Text | None = None
    certificate_number: Text | None = None
    invoice_number: Text | None = None
    comments: Text | None = None

    def declaration(self, on: date) -> Declaration:
        """Return what is declared on a day."""
        return Declaration(
            category=self.category,
            currency=self.currency,
            lines=tuple(line.line(on) for line in self.lines),
            explanation=self.explanation,
            sender_reference=self.sender_reference,
            importer_reference=self.importer_reference,
            licence_number=self.licence_number,
            certificate_number=self.certificate_number,
            invoice_number=self.invoice_number,
            comments=self.comments,
        )


class CheckBody(DeclarationBody):
    """The content of an item that a form is being filled in for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**EXAMPLE, "service": "parcel", "destination_country": "KR", "gross_weight_g": 1200}]
        }
    )

    service: Service
    destination_country: CountryCode
    gross_weight_g: Annotated[int, Field(ge=1, le=100_000)]
    insured: bool = False
    """The item is to be registered with an insured value."""

    def sending(self) -> Sending:
        """Return how the item is to travel.

        Raises: Invalid.
        """
        must_be_country(self.destination_country)
        return Sending(self.service, self.destination_country, self.gross_weight_g, self.insured)


class FindingView(View):
    """One thing that is wrong or to be looked at."""

    field: str
    code: str
    message: str
    message_km: str | None
    refuses: bool


class CheckView(View):
    """What a form is told before anything is kept."""

    is_acceptable: bool
    findings: list[FindingView]
    form: CustomsForm | None
    advance_data_demanded: bool
    hs_code_demanded: bool


class GoodsView(View):
    """One kind of thing; the HS code has six digits."""

    id: str
    km: str
    en: str
    hs_code: str
    valid_from: date
    provisional: bool


class ContentLineView(View):
    """Things of one kind."""

    goods: str | None
    description: str
    quantity: int
    net_weight_g: int
    value_minor: int
    hs_code: str | None
    origin_country: str | None


class ContentView(View):
    """The content of an item."""

    category: Category
    currency: str
    total_value_minor: int
    lines: list[ContentLineView]
    explanation: str | None
    sender_reference: str | None
    importer_reference: str | None
    licence_number: str | None
    certificate_number: str | None
    invoice_number: str | None
    comments: str | None


class DeclaredView(BaseModel):
    """A declaration as it is kept."""

    item_number: str
    content: ContentView
    version: int
    advance_data_complete_at: AwareDatetime | None
    missing: list[str]
    """Elements that keep advance data from being complete, such as `sender.address`."""
    declared_by: str
    declared_at: AwareDatetime
    updated_at: AwareDatetime

    @classmethod
    def of(cls, declared: Declared, item: PostedItem, on: date) -> "DeclaredView":
        """Show the declaration of an item on a day."""
        return cls(
            item_number=declared.item_number,
            content=ContentView.model_validate(declared.declaration),
            version=declared.version,
            advance_data_complete_at=declared.advance_data_complete_at,
            missing=still_missing(declared, item, on),
            declared_by=declared.declared_by,
            declared_at=declared.declared_at,
            updated_at=declared.updated_at,
        )

"""Advance data of one item as posts exchange it before dispatch, in the elements of ITMATT; written and read.

Source: UPU M33 (ITMATT) for the elements; the JSON shape is our own. Money is in minor units of its ISO 4217 currency,
with riel whole.
"""

from collections.abc import Sequence
from textwrap import wrap
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from services.parcel.customs.domain.currencies import is_currency
from services.parcel.customs.domain.declaration import Declaration
from services.parcel.customs.domain.posted_item import Party, PeopleForgotten, PostedItem
from shared.contracts.items import ItemNumberText
from shared.errors import FieldProblem, Invalid

MOST_ARTICLES = 50
LARGEST_AMOUNT_MINOR = 10**12
LONGEST_LINE = 200


def _known(code: str) -> str:
    if not is_currency(code):
        raise ValueError("there is no currency of this code")
    return code


Line = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_LINE, pattern=r"^[^\x00-\x1f]+$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, AfterValidator(_known)]
AmountMinor = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT_MINOR)]
WeightG = Annotated[int, Field(ge=0, le=100_000)]
CategoryCode = Literal["gift", "documents", "sale_of_goods", "commercial_sample", "returned_goods", "other"]

REASONS = {
    "missing": "This element is not there.",
    "int_type": "Write a whole number, of grams or of the minor unit of the currency.",
    "json_invalid": "This is not JSON.",
    "string_pattern_mismatch": "This is not written as the element is.",
    "too_long": "These are more than one item holds.",
    "value_error": "This code or number does not exist; compare it with the label or the list.",
}


class _Element(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class ItmattParty(_Element):
    """A sender or an addressee."""

    name: Line
    country: Country
    address: Annotated[list[Line], Field(max_length=10)] = []
    postal_code: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    tax_code: Line | None = None


class Article(_Element):
    """Things of one kind."""

    description: Line
    quantity: Annotated[int, Field(ge=1, le=100_000)]
    net_weight_g: WeightG
    value_minor: AmountMinor
    hs_code: Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|[0-9]{8}|[0-9]{10})$")] | None = None
    origin_country: Country | None = None


class AdvanceData(_Element):
    """One item; elements that are not known here are left out when it is read."""

    item_number: ItemNumberText
    category: CategoryCode
    explanation: Line | None = None
    sender: ItmattParty
    addressee: ItmattParty
    total_value_minor: Annotated[int, Field(ge=0, le=MOST_ARTICLES * LARGEST_AMOUNT_MINOR)]
    currency: CurrencyCode
    total_weight_g: WeightG
    articles: Annotated[list[Article], Field(min_length=1, max_length=MOST_ARTICLES)]
    postage_minor: AmountMinor | None = None
    insured_value_minor: AmountMinor | None = None
    postage_currency: CurrencyCode | None = None
    """Of the postage, and of the insured value where that names none."""
    insured_value_currency: CurrencyCode | None = None
    licence_number: Line | None = None
    certificate_number: Line | None = None
    invoice_number: Line | None = None
    comments: Line | None = None


def advance_data_of(item: PostedItem, declaration: Declaration) -> AdvanceData:
    """Return what the post of destination is told of an item and its declared content.

    Raises: PeopleForgotten.
    """
    if not item.addressee.name:
        raise PeopleForgotten
    return AdvanceData(
        item_number=item.item_number,
        category=declaration.category.value,
        explanation=declaration.explanation,
        sender=_party(item.sender, declaration.sender_reference),
        addressee=_party(item.addressee, declaration.importer_reference),
        total_value_minor=declaration.total_value_minor,
        currency=declaration.currency,
        total_weight_g=item.sending.gross_weight_g,
        articles=[
            Article(
                description=line.description,
                quantity=line.quantity,
                net_weight_g=line.net_weight_g,
                value_minor=line.value_minor,
                hs_code=line.hs_code,
                origin_country=line.origin_country,
            )
            for line in declaration.lines
        ],
        postage_minor=item.postage.amount_minor if item.postage else None,
        postage_currency=item.postage.currency if item.postage else None,
        insured_value_minor=item.insured_value.amount_minor if item.insured_value else None,
        insured_value_currency=item.insured_value.currency if item.insured_value else None,
        licence_number=declaration.licence_number,
        certificate_number=declaration.certificate_number,
        invoice_number=declaration.invoice_number,
        comments=declaration.comments,
    )


def written(data: AdvanceData) -> bytes:
    """Write advance data as JSON in UTF-8."""
    return orjson.dumps(data.model_dump(mode="json", exclude_none=True))


def read(message: bytes) -> AdvanceData:
    """Read what `written` writes, or another post in the same shape.

    Raises: Invalid, with every element that cannot be read.
    """
    try:
        text = message.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid([FieldProblem("body", "not-utf-8", "Write the message in UTF-8.")]) from None
    try:
        return AdvanceData.model_validate_json(text)
    except ValidationError as refused:
        raise Invalid([_problem(error["loc"], error["type"], error["msg"]) for error in refused.errors()]) from None


def _party(party: Party, tax_code: str | None) -> ItmattParty:
    return ItmattParty(
        name=party.name,
        country=party.country,
        # Town, region and postal code are one line in some countries, and may be longer than the message takes.
        address=[part for line in party.address for part in wrap(line, LONGEST_LINE)],
        postal_code=party.postal_code,
        phone=party.phone,
        tax_code=tax_code,
    )


def _problem(path: Sequence[Any], kind: str, message: str) -> FieldProblem:
    field = ".".join(map(str, path)) or "body"
    return FieldProblem(field, kind.replace("_", "-"), REASONS.get(kind, f"{message}."))

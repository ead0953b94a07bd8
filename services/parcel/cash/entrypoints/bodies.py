"""What requests about cash hold."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.parcel.cash.domain.articles import Pieces
from services.parcel.cash.domain.counting import Count
from services.parcel.forms import Body, OfficeCode, Text
from services.parcel.pricing.domain.money import Amount, Currency
from services.parcel.pricing.entrypoints.price_views import AmountBody

LARGEST_MINOR = 10_000_000_000
RIEL: JsonDict = {"amount_minor": 200_000, "currency": "KHR"}
DOLLARS: JsonDict = {"amount_minor": 5_000, "currency": "USD"}

Device = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
NumberText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{9,40}$")]
"""An item number as people write it."""
ArticleCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=24)]


Amounts = Annotated[list[AmountBody], Field(min_length=1, max_length=10)]


def amounts_of(bodies: Sequence[AmountBody]) -> tuple[Amount, ...]:
    """Return amounts."""
    return tuple(body.amount() for body in bodies)


class OpeningBody(Body):
    """A drawer to open, with what is taken from the safe into it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"office": "TK01A", "device": "counter-1"}]})

    office: OfficeCode
    opening_float: Annotated[tuple[AmountBody, ...], Field(max_length=10)] = ()
    device: Device | None = None


class AmountsBody(Body):
    """Cash that is moved."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"amounts": [RIEL, DOLLARS]}]})

    amounts: Amounts


class OfficeAmountsBody(Body):
    """Cash of an office."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"office": "TK01A", "amounts": [RIEL]}]})

    office: OfficeCode
    amounts: Amounts


class DepositBody(OfficeAmountsBody):
    """Cash taken to the bank."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"office": "TK01A", "amounts": [RIEL], "slip": "ACLEDA-004711"}]}
    )

    slip: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9/_.-]{0,39}$")]
    """The number of the bank's slip."""


class SendingBody(OfficeAmountsBody):
    """Cash sent to another office."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"office": "TK01A", "to_office": "TK02A", "amounts": [RIEL]}]}
    )

    to_office: OfficeCode


class CountBody(Body):
    """What was counted in one currency."""

    amount_minor: Annotated[int, Field(ge=0, le=LARGEST_MINOR)]
    currency: Currency
    notes: dict[Annotated[int, Field(gt=0)], Annotated[int, Field(ge=0, le=100_000)]] | None = None
    """How many of each note, by its worth in the minor unit; left out if they were not sorted."""

    def count(self) -> Count:
        """Return the count."""
        return Count(self.currency, self.amount_minor, self.notes or {})


Counted = Annotated[list[CountBody], Field(max_length=2)]


class ReceiptBody(Body):
    """What was counted of the cash that another office sent."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"counted": [{"amount_minor": 50_000, "currency": "KHR"}]}]}
    )

    counted: Counted
    explanation: Text | None = None

    def amounts(self) -> tuple[Amount, ...]:
        """Return what was counted."""
        return tuple(Amount(one.amount_minor, one.currency) for one in self.counted)


class ClosingBody(Body):
    """What was counted in a drawer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "counted": [{"amount_minor": 52_000, "currency": "KHR", "notes": {"50000": 1, "1000": 2}}],
                    "explanation": "The morning's float was not booked.",
                }
            ]
        }
    )

    counted: Counted
    explanation: Text | None = None
    """Needed where it is not what the ledger expects; that one does not know why is an explanation too."""


class PiecesBody(Body):
    """So many of an article."""

    article: ArticleCode
    pieces: Annotated[int, Field(gt=0, le=100_000)]

    def of(self) -> Pieces:
        """Return article and number."""
        return Pieces(self.article, self.pieces)


class StockBody(Body):
    """Articles that came."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"office": "TK01A", "articles": [{"article": "box-s", "pieces": 50}]}]}
    )

    office: OfficeCode
    articles: Annotated[list[PiecesBody], Field(min_length=1, max_length=50)]


class CountedPiecesBody(Body):
    """How many of an article there are."""

    article: ArticleCode
    pieces: Annotated[int, Field(ge=0, le=100_000)]

    def of(self) -> Pieces:
        """Return article and number."""
        return Pieces(self.article, self.pieces)


class StockCountBody(Body):
    """Articles that were counted; those left out stay as they are."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "office": "TK01A",
                    "articles": [{"article": "box-s", "pieces": 48}],
                    "explanation": "Two were wet and thrown away.",
                }
            ]
        }
    )

    office: OfficeCode
    articles: Annotated[list[CountedPiecesBody], Field(min_length=1, max_length=50)]
    explanation: Text | None = None


class PaymentBody(Body):
    """What is paid for, what was given, and what went back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "articles": [{"article": "box-s", "pieces": 2}],
                    "received": [{"amount_minor": 5_000, "currency": "KHR"}],
                    "change": [{"amount_minor": 2_000, "currency": "KHR"}],
                }
            ]
        }
    )

    item_numbers: Annotated[tuple[NumberText, ...], Field(max_length=200)] = ()
    """Parcels whose postage their sender pays."""
    articles: Annotated[tuple[PiecesBody, ...], Field(max_length=50)] = ()
    received: Annotated[list[AmountBody], Field(max_length=10)]
    change: Annotated[tuple[AmountBody, ...], Field(max_length=10)] = ()


class PostingBody(Body):
    """What one account gains, or loses; a credit is below nothing."""

    account: Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,20}$")]
    holder: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,64}$")] = ""
    unit: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,24}$")]
    quantity: Annotated[int, Field(ge=-LARGEST_MINOR, le=LARGEST_MINOR)]


class EntryCorrectionBody(Body):
    """Why an entry is taken back, and what should have stood there."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Booked at the wrong office."}]})

    reason: Text
    instead: Annotated[tuple[PostingBody, ...], Field(max_length=100)] = ()
    """Postings that balance; none if nothing should have been booked."""

"""How amounts and prices are shown over HTTP, and how an amount is given."""

from datetime import date
from typing import Annotated

from pydantic import Field, PlainSerializer

from services.parcel.forms import Body, View
from services.parcel.pricing.domain.money import Amount, Currency
from services.parcel.pricing.domain.quote import LineCode
from services.parcel.pricing.domain.tariff import Option

Options = Annotated[frozenset[Option], PlainSerializer(sorted, return_type=list[Option])]
"""In the order of the alphabet: the order of a set differs from process to process, and requests are compared."""


class AmountBody(Body):
    """Whole riel or whole cents."""

    amount_minor: Annotated[int, Field(ge=1, le=1_000_000_000)]
    currency: Currency = "KHR"

    def amount(self) -> Amount:
        """Return the amount."""
        return Amount(self.amount_minor, self.currency)


class AmountView(View):
    """Whole riel or whole cents."""

    amount_minor: int
    currency: Currency


class LineView(View):
    """One part of a price."""

    code: LineCode
    amount_riel: int


class UsdView(View):
    """The total in dollars, and the rate that made it."""

    amount_cents: int
    riel_per_usd: int
    rate_day: date
    stale: bool


class PriceView(View):
    """A price, with all that is needed to reckon it again."""

    lines: list[LineView]
    total_riel: int
    usd: UsdView | None
    tariff_version: str
    sample: bool
    zone: str
    volumetric_weight_g: int
    chargeable_weight_g: int
    rounded_to_riel: int

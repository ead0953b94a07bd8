"""Currencies that a declaration may be in, and what a special drawing right is in each.

Source: ISO 4217 for the minor units, but for the riel, which has none in use; the rates are the post's to set.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

import pycountry
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.parcel.customs.domain.dated import RULES, Sourced, latest


class Currency(BaseModel):
    """One currency: digits of its minor unit, and units in one special drawing right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str
    exponent: int
    per_sdr: Decimal

    def minor(self, units: Decimal | int) -> Decimal:
        """Return an amount in the minor unit."""
        return units * Decimal(10) ** self.exponent

    def minor_of_sdr(self, sdr: int) -> Decimal:
        """Return what an amount of special drawing rights is in the minor unit."""
        return self.minor(sdr * self.per_sdr)


class CurrencyTable(Sourced):
    """Currencies and their rates from a day on."""

    version: str
    currencies: tuple[Currency, ...]


@cache
def tables() -> tuple[CurrencyTable, ...]:
    """Return every table there is."""
    return TypeAdapter(tuple[CurrencyTable, ...]).validate_json((RULES / "currencies.json").read_bytes())


def accepted(on: date) -> Mapping[str, Currency]:
    """Return the currencies that may be declared on a day, by code."""
    return {one.currency: one for one in latest(tables(), on).currencies}


def is_currency(code: str) -> bool:
    """Tell whether ISO 4217 knows a code."""
    known = pycountry.currencies.get(alpha_3=code)
    # The library looks codes up whatever their case.
    return known is not None and str(known.alpha_3) == code

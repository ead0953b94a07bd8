"""What became of the money of one sender, item by item, and what it adds up to."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.domain.payout import Payout
from services.parcel.pricing.domain.money import Currency


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of one currency, in the minor unit; what was collected is what was paid, is held or is owed."""

    currency: Currency
    collected_minor: int
    paid_minor: int
    held_minor: int
    owed_minor: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Items of a span, payouts made in it or waiting, and the sums of the items."""

    items: Sequence[CodItem]
    payouts: Sequence[Payout]

    @property
    def sums(self) -> list[Sums]:
        """Return the sums by currency."""
        currencies = sorted({one.currency for one in self.items})
        return [_sums(currency, [one for one in self.items if one.currency == currency]) for currency in currencies]


def _sums(currency: Currency, items: Sequence[CodItem]) -> Sums:
    return Sums(
        currency,
        sum(one.net_minor for one in items),
        sum(one.net_minor for one in items if one.paid_at),
        sum(one.net_minor for one in items if one.ready_at and not one.paid_at),
        sum(one.net_minor for one in items if not one.ready_at),
    )

"""Riel and dollars: amounts are whole riel or whole cents, and every rounding stands here."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Currency = Literal["KHR", "USD"]


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole riel or whole cents."""

    amount_minor: int
    currency: Currency

    def in_riel(self, riel_per_usd: int) -> int:
        """Return what it is worth in riel, a part of a riel downward."""
        return self.amount_minor if self.currency == "KHR" else self.amount_minor * riel_per_usd // 100


def nearest_riel(amount: Decimal | int, unit_riel: int) -> int:
    """Round to a multiple of the smallest amount that is paid in cash, half of it upward."""
    return int((2 * amount + unit_riel) // (2 * unit_riel)) * unit_riel


def cents_up(amount_riel: int, riel_per_usd: int) -> int:
    """Return the dollars that an amount costs, in cents, a part of a cent upward."""
    return -(-amount_riel * 100 // riel_per_usd)

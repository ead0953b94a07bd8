"""Money as somebody counted it: an amount, and the notes that it is made of where they were told.

Source: notes in use by the National Bank of Cambodia, and those of the dollar that are taken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from services.parcel.pricing.domain.money import Amount, Currency
from shared.errors import FieldProblem, Invalid

CURRENCIES: tuple[Currency, ...] = get_args(Currency)
NOTES_MINOR: Mapping[Currency, frozenset[int]] = {
    "KHR": frozenset({50, 100, 200, 500, 1000, 2000, 5000, 10000, 15000, 20000, 30000, 50000, 100000, 200000}),
    "USD": frozenset({100, 200, 500, 1000, 2000, 5000, 10000}),
}


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted in one currency; notes by their worth in the minor unit, none where they were not told."""

    currency: Currency
    amount_minor: int
    notes: dict[int, int] = field(default_factory=dict)


def must_be_counts(counts: Iterable[Count]) -> None:
    """Check that each currency is counted once, of notes that there are, and that they make up the amount.

    Raises: Invalid.
    """
    problems, seen = [], set()
    for place, count in enumerate(counts):
        at = f"counted.{place}"
        if count.currency in seen:
            problems.append(FieldProblem(f"{at}.currency", "named-twice", "Count each currency once."))
        seen.add(count.currency)
        if unknown := sorted(set(count.notes) - NOTES_MINOR[count.currency]):
            message = f"There is no note of {unknown[0]}, in the minor unit."
            problems.append(FieldProblem(f"{at}.notes", "unknown-note", message))
        total_minor = sum(worth * pieces for worth, pieces in count.notes.items())
        if count.notes and total_minor != count.amount_minor:
            message = f"The notes make {total_minor}; count again, or leave them out."
            problems.append(FieldProblem(f"{at}.notes", "does-not-add-up", message))
    if problems:
        raise Invalid(problems)


def by_currency(amounts: Iterable[Amount]) -> dict[str, int]:
    """Return amounts added up for each currency."""
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.amount_minor
    return sums

"""A payment in riel and dollars together: what is due, what was given, what went back, and whether it adds up.

Dollars count by the rate of the day. Cash is paid to the hundred riel: less than that may be left over on either side,
and is booked as rounding; it is never moved into somebody's pocket or price.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.parcel.cash.domain.accounts import Account, Posting, added_up, imbalance
from services.parcel.cash.domain.counting import by_currency
from services.parcel.pricing.domain.money import Amount
from shared.errors import Conflict, FieldProblem, Invalid

SMALLEST_NOTE_RIEL = 100


class AlreadyPaid(Conflict):
    """This was paid before; look at the entry that says so."""

    slug = "already-paid"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is paid for: the account that gets the money, and the item and purpose if it is paid once."""

    account: Account
    amount: Amount
    holder: str = ""
    item_number: str | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for what is due, and what went back."""

    received: tuple[Amount, ...]
    change: tuple[Amount, ...] = ()


def needs_rate(dues: Sequence[Due], given: Given) -> bool:
    """Tell whether riel and dollars meet in a payment."""
    return len({amount.currency for amount in (*(due.amount for due in dues), *given.received, *given.change)}) > 1


def payment_postings(
    dues: Sequence[Due], given: Given, to: Account, to_holder: str, riel_per_usd: int | None
) -> tuple[Posting, ...]:
    """Return the postings of a payment that goes to an account; they balance in each currency.

    Raises: Invalid, where what was given does not cover what is due, or too little went back.
    """
    taken = by_currency(given.received)
    for currency, amount_minor in by_currency(given.change).items():
        taken[currency] = taken.get(currency, 0) - amount_minor
    paid = [
        *(Posting(due.account, -due.amount.amount_minor, due.amount.currency, due.holder) for due in dues),
        *(Posting(to, amount_minor, currency, to_holder) for currency, amount_minor in taken.items()),
    ]
    over = imbalance(paid)
    _must_add_up(over.get("KHR", 0), over.get("USD", 0), riel_per_usd)
    return added_up([*paid, *_exchanged(over.get("KHR", 0), over.get("USD", 0), riel_per_usd or 0)])


def _must_add_up(over_riel: int, over_cents: int, riel_per_usd: int | None) -> None:
    """Check that less than the smallest note is left over.

    Raises: Invalid.
    """
    if over_cents and riel_per_usd is None:
        message = (
            f"Give exactly what is due: {abs(over_cents)} cents are {'missing' if over_cents < 0 else 'too many'}."
        )
        raise Invalid([FieldProblem("received", "does-not-add-up", message)])
    # In hundredths of a riel, so that nothing is rounded before it is judged.
    worth = over_cents * (riel_per_usd or 0) + over_riel * 100
    if abs(worth) < SMALLEST_NOTE_RIEL * 100:
        return
    if worth < 0:
        message = f"{-worth // 100} riel are missing."
        raise Invalid([FieldProblem("received", "does-not-add-up", message)])
    raise Invalid([FieldProblem("change", "does-not-add-up", f"{worth // 100} riel more must go back.")])


def _exchanged(over_riel: int, over_cents: int, riel_per_usd: int) -> list[Posting]:
    """Return what takes the rest of each currency to zero: dollars are changed at the rate, riel are rounded."""
    changed_riel = over_cents * riel_per_usd // 100
    return [
        Posting(Account.EXCHANGE, -over_cents, "USD"),
        Posting(Account.EXCHANGE, changed_riel, "KHR"),
        Posting(Account.ROUNDING, -over_riel - changed_riel, "KHR"),
    ]

"""The accounts of an office's ledger, and postings to them: a debit is positive, a credit negative."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from services.parcel.pricing.domain.money import Amount


class Account(StrEnum):
    """What the money or the articles of an office are counted under."""

    DRAWER = "drawer"
    """Of one drawer, which is its holder."""
    SAFE = "safe"
    FLOAT = "float"
    """What the post gave an office to begin with; a credit."""
    BANK = "bank"
    TRANSIT = "transit"
    """Sent to another office and not received; the transfer is its holder."""
    STOCK = "stock"
    """Boxes and envelopes, by the piece."""
    STOCK_SUPPLIED = "stock_supplied"
    STOCK_SOLD = "stock_sold"
    SALES = "sales"
    POSTAGE = "postage"
    CUSTOMS_HELD = "customs_held"
    """Duty and fees taken for customs, until they are passed on."""
    COD_HELD = "cod_held"
    """Collected for a shop, which is its holder, and not paid out."""
    SETTLEMENT = "settlement"
    """Between offices: one collected what another paid out in cash; the payout is its holder."""
    CARRIER = "carrier"
    """Collected by a domestic carrier, who is its holder, and not remitted."""
    KHQR = "khqr"
    """Paid by code into the post's account; its item or sitting holds it until a statement shows it."""
    BILLED = "billed"
    """Postage on the monthly bill of a shop, which is its holder."""
    EXCHANGE = "exchange"
    """The two sides of changing dollars; each currency by itself."""
    ROUNDING = "rounding"
    DIFFERENCES = "differences"
    """What was counted otherwise than expected; the drawer, transfer or count is its holder."""
    SUSPENSE = "suspense"
    """Money that is there and of which nobody knows yet whose it is."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What one account gains or loses; the unit is a currency, in its minor unit, or an article, by the piece."""

    account: str
    """One of `Account`; a row that a later release wrote, or that somebody changed, may say something else."""
    quantity: int
    unit: str
    holder: str = ""

    def reversed(self) -> "Posting":
        """Return what takes it back."""
        return replace(self, quantity=-self.quantity)


def added_up(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Return one posting for each account, holder and unit, in the order in which they came; none of nothing."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for posting in postings:
        sums[posting.account, posting.holder, posting.unit] += posting.quantity
    return tuple(
        Posting(account, quantity, unit, holder) for (account, holder, unit), quantity in sums.items() if quantity
    )


def imbalance(postings: Iterable[Posting]) -> dict[str, int]:
    """Return for each unit by how much postings miss zero; empty where they balance."""
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.unit] += posting.quantity
    return {unit: quantity for unit, quantity in sums.items() if quantity}


def moved(
    amounts: Iterable[Amount], of: Account, to: Account, *, of_holder: str = "", to_holder: str = ""
) -> tuple[Posting, ...]:
    """Return the postings that move amounts from one account to another."""
    return tuple(
        posting
        for amount in amounts
        if amount.amount_minor
        for posting in (
            Posting(to, amount.amount_minor, amount.currency, to_holder),
            Posting(of, -amount.amount_minor, amount.currency, of_holder),
        )
    )

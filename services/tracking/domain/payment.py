"""What a recipient pays as a parcel is handed over, and whether it adds up with what is due."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.errors import Conflict, FieldProblem

Currency = Literal["KHR", "USD"]
Method = Literal["cash", "khqr", "carrier"]
SMALLEST_NOTE_RIEL = 100


class PaymentMissing(Conflict):
    """Money is due on this parcel; it is handed over with what was paid for it."""

    slug = "payment-missing"


class PaymentUnmatched(Conflict):
    """The payment by code has not reached the post yet; this office waits for that, or takes cash."""

    slug = "payment-unmatched"


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole riel or whole cents."""

    amount_minor: int
    currency: Currency


@dataclass(frozen=True, slots=True)
class Payment:
    """What was paid: cash into a drawer, by a code that was shown, or to a carrier who owes it."""

    method: Method
    received: tuple[Amount, ...]
    change: tuple[Amount, ...] = ()
    drawer_id: UUID | None = None
    carrier: str | None = None

    def kept(self) -> dict[Currency, int]:
        """Return what was received less what went back, by currency."""
        sums: dict[Currency, int] = {}
        for amount in self.received:
            sums[amount.currency] = sums.get(amount.currency, 0) + amount.amount_minor
        for amount in self.change:
            sums[amount.currency] = sums.get(amount.currency, 0) - amount.amount_minor
        return sums


@dataclass(frozen=True, slots=True)
class Due:
    """What the recipient of an item pays: what is collected for its sender, and postage in riel."""

    cod_minor: int = 0
    cod_currency: Currency = "KHR"
    postage_riel: int = 0

    def __bool__(self) -> bool:
        return bool(self.cod_minor or self.postage_riel)

    def problems(self, payment: Payment) -> list[FieldProblem]:
        """Return why a payment in the one currency that is due does not add up; a rate is known to parcel alone."""
        due: dict[Currency, int] = {}
        for currency, amount_minor in ((self.cod_currency, self.cod_minor), ("KHR", self.postage_riel)):
            if amount_minor:
                due[currency] = due.get(currency, 0) + amount_minor
        kept = payment.kept()
        if len(due) != 1 or {*due} != {*kept}:
            return []
        ((currency, wanted),) = due.items()
        over = kept.get(currency, 0) - wanted
        if abs(over) < (SMALLEST_NOTE_RIEL if currency == "KHR" else 1):
            return []
        message = f"{abs(over)} {currency} are {'missing' if over < 0 else 'too many'}, in the minor unit."
        return [FieldProblem("payment.received", "does-not-add-up", message)]


NOTHING_DUE = Due()

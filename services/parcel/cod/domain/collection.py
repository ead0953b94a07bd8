"""What a recipient pays and whose it is, as the ledger books it when a parcel was handed over."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting, added_up, imbalance
from services.parcel.cash.domain.counting import by_currency
from services.parcel.cash.domain.payment import Due, Given, payment_postings
from services.parcel.posting.domain.money_due import MoneyDue
from services.parcel.pricing.domain.money import Amount, Currency
from shared.contracts.tracking import ParcelHandedOverV1, PaymentTaken
from shared.errors import Invalid

UNEVEN = "uneven"
"""Flag of an entry whose payment is not what was due; the rest waits under suspense until somebody explains it."""


@dataclass(frozen=True, slots=True)
class CodItem:
    """What was collected for the sender of one item."""

    item_number: str
    holder: str
    trader_id: UUID | None
    office: str
    amount_minor: int
    currency: Currency
    kept_minor: int
    method: Literal["cash", "khqr", "carrier"]
    carrier: str | None
    collected_at: datetime
    collecting_office: str
    entry_id: UUID
    ready_at: datetime | None = None
    promised_on: date | None = None
    payout_id: UUID | None = None
    paid_at: datetime | None = None

    @property
    def net_minor(self) -> int:
        """Return what its sender gets."""
        return self.amount_minor - self.kept_minor


def dues_of(due: MoneyDue) -> list[Due]:
    """Return what is paid for: the sender's money, postage kept back from it, and postage of the recipient's own."""
    dues = []
    if due.cod:
        dues.append(Due(Account.COD_HELD, Amount(due.cod.amount_minor - due.kept_minor, due.cod.currency), due.holder))
        dues.append(Due(Account.POSTAGE, Amount(due.kept_minor, due.cod.currency)))
    return [*dues, Due(Account.POSTAGE, Amount(due.postage_riel, "KHR"))]


def given_by(payment: PaymentTaken) -> Given:
    """Return what was given, as the cash room reckons it."""
    received, change = (
        tuple(Amount(one.amount_minor, one.currency) for one in amounts)
        for amounts in (payment.received, payment.change)
    )
    return Given(received, change)


def holder_of(event: ParcelHandedOverV1) -> tuple[Account, str]:
    """Return who has the money: a drawer, a carrier, or a bank that has not said so yet."""
    match event.payment.method:
        case "cash":
            return Account.DRAWER, str(event.payment.drawer_id or "")
        case "carrier":
            return Account.CARRIER, event.payment.carrier or ""
        case "khqr":
            return Account.KHQR, event.item_number


def collected_postings(
    event: ParcelHandedOverV1, due: MoneyDue | None, riel_per_usd: int | None
) -> tuple[tuple[Posting, ...], tuple[str, ...]]:
    """Return the postings of a hand-over and its flags; nothing that was paid is refused."""
    to, holder = holder_of(event)
    given, dues = given_by(event.payment), dues_of(due) if due else []
    try:
        return payment_postings(dues, given, to, holder, riel_per_usd), ()
    except Invalid:
        taken = by_currency(given.received)
        for currency, amount_minor in by_currency(given.change).items():
            taken[currency] = taken.get(currency, 0) - amount_minor
        paid = [
            *(Posting(one.account, -one.amount.amount_minor, one.amount.currency, one.holder) for one in dues),
            *(Posting(to, amount_minor, currency, holder) for currency, amount_minor in taken.items()),
        ]
        rest = [
            Posting(Account.SUSPENSE, -quantity, unit, event.item_number) for unit, quantity in imbalance(paid).items()
        ]
        return added_up([*paid, *rest]), (UNEVEN,)

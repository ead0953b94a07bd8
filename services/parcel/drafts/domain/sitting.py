"""A sitting: one customer at a counter, whose parcels are accepted one after the other and paid at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.parcel.cash.domain.payment import Given
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.pricing.domain.money import Amount, cents_up
from shared.access.roles import Actor
from shared.contracts.states import CustomerState
from shared.errors import Conflict, FieldProblem, Invalid, NotFound

MOST_ITEMS = 500
"""More would make a receipt of metres."""


class SittingNotFound(NotFound):
    """No sitting of this id is your office's."""

    slug = "sitting-not-found"


class SittingPaid(Conflict):
    """This sitting is paid; begin another one."""

    slug = "sitting-paid"


class SittingFull(Conflict):
    """This sitting has as many parcels as a receipt can hold; let it be paid, and begin another one."""

    slug = "sitting-full"


class SittingEmpty(Conflict):
    """Nothing was accepted in this sitting; there is nothing to pay and no receipt."""

    slug = "sitting-empty"


class SittingNotPaid(Conflict):
    """This sitting is not paid yet; its receipt is printed when it is."""

    slug = "sitting-not-paid"


class TotalChanged(Conflict):
    """The total is another than you named; look at the sitting again, and name the one that it has now."""

    slug = "total-changed"


class OtherCustomer(Conflict):
    """This draft is of another customer than the one whose sitting this is."""

    slug = "other-customer"


class PaymentMethod(StrEnum):
    """How it was paid."""

    CASH = "cash"
    KHQR = "khqr"
    ACCOUNT = "account"
    """On the shop's monthly bill."""


@dataclass(frozen=True, slots=True)
class SittingPayment:
    """How a sitting is paid, the total that the customer was told, and for cash where it went."""

    method: PaymentMethod
    total_riel: int
    drawer_id: UUID | None = None
    given: Given | None = None
    """Exactly the total in riel, if nothing is said."""

    def must_name_drawer(self) -> tuple[UUID, Given]:
        """Return the drawer and what was given.

        Raises: Invalid.
        """
        if self.drawer_id is None:
            raise Invalid([FieldProblem("drawer_id", "missing", "Name the drawer that the cash goes into.")])
        return self.drawer_id, self.given or Given((Amount(self.total_riel, "KHR"),))


@dataclass(frozen=True, slots=True)
class Sitting:
    """One customer at a counter; a shop, or somebody without one."""

    sitting_id: UUID
    office: str
    trader_id: UUID | None
    fits_limits: bool
    """Holds for each parcel of which nothing else is said."""
    opened_by: str
    opened_at: datetime
    paid_at: datetime | None = None
    paid_by: str | None = None
    """Who took the money."""
    method: PaymentMethod | None = None
    total_riel: int | None = None
    """What was paid."""

    def must_be_open(self) -> None:
        """Check that it is not paid yet.

        Raises: SittingPaid.
        """
        if self.paid_at is not None:
            raise SittingPaid

    def must_be_of(self, trader_id: UUID | None) -> None:
        """Check that a draft is of this customer: two shops may have numbers that look alike.

        Raises: OtherCustomer.
        """
        if trader_id != self.trader_id:
            raise OtherCustomer

    def must_be_of_shop(self) -> UUID:
        """Return the shop, which alone gets a bill.

        Raises: Invalid.
        """
        if self.trader_id is None:
            raise Invalid(
                [FieldProblem("method", "needs-shop", "Only a shop gets a bill; take cash, or a payment by code.")]
            )
        return self.trader_id

    def must_be_paid(self) -> tuple[datetime, PaymentMethod]:
        """Return when and how it was paid.

        Raises: SittingNotPaid.
        """
        if self.paid_at is None or self.method is None:
            raise SittingNotPaid
        return self.paid_at, self.method

    def is_seen_by(self, actor: Actor) -> bool:
        """Tell whether it is of the actor's office."""
        return actor.acts_for(self.office)


@dataclass(frozen=True, slots=True)
class Line:
    """One parcel of a sitting, and what its sender pays at the counter."""

    parcel: Parcel
    paid_riel: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sitting comes to: its lines and their total."""

    sitting: Sitting
    lines: Sequence[Line]

    @property
    def total_riel(self) -> int:
        """Return what is to be paid at the counter, or was; what others pay later is not in it."""
        return sum(line.paid_riel for line in self.lines)

    @property
    def riel_per_usd(self) -> int | None:
        """Return the rate of the last parcel; None while nobody has set one."""
        rates = [line.parcel.postage.price.usd for line in self.lines if line.parcel.postage]
        return next((usd.riel_per_usd for usd in reversed(rates) if usd), None)

    @property
    def total_usd_cents(self) -> int | None:
        """Return the whole total in dollars, rounded once and not a line each."""
        return cents_up(self.total_riel, self.riel_per_usd) if self.riel_per_usd else None


def statement_of(sitting: Sitting, parcels: Sequence[Parcel]) -> Statement:
    """Return what a sitting comes to; a parcel that was taken back meanwhile costs nothing."""
    lines = [
        Line(parcel, parcel.postage.paid_riel if parcel.postage else 0)
        for parcel in parcels
        if parcel.state is not CustomerState.CANCELLED or sitting.paid_at is not None
    ]
    return Statement(sitting, lines)

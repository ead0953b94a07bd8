"""Payouts: a batch is proposed by one person, approved by another, and paid by the way that its senders chose."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.parcel.pricing.domain.money import Currency
from shared.errors import Conflict, Forbidden, NotFound

Method = Literal["bank", "bakong", "cash"]
WAYS: dict[str, Method] = {"bank_account": "bank", "khqr": "bakong", "cash_at_office": "cash"}
"""How a shop said that it wants its money."""
MOST_TRIES = 5


class BatchNotFound(NotFound):
    """There is no such batch."""

    slug = "payout-batch-not-found"


class PayoutNotFound(NotFound):
    """No payout of this id is waiting at your office."""

    slug = "payout-not-found"


class NothingToPayOut(Conflict):
    """Nothing that may be paid out this way is there."""

    slug = "nothing-to-pay-out"


class BatchDecided(Conflict):
    """This batch was approved, rejected or paid; it does not change any more."""

    slug = "payout-batch-decided"


class BatchNotApproved(Conflict):
    """Nobody has approved this batch yet."""

    slug = "payout-batch-not-approved"


class PaidAtCounters(Conflict):
    """Each payout of this batch is paid in cash at a counter, against its code."""

    slug = "paid-at-counters"


class ProposedByYourself(Forbidden):
    """Another person approves a batch than the one who proposed it."""

    slug = "proposed-by-yourself"


class CodeRefused(Conflict):
    """This is not the code of the payout; after five wrong ones a new batch is needed."""

    slug = "payout-code-refused"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of payouts."""

    batch_id: UUID
    method: Method
    currency: Currency
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    rejected_at: datetime | None = None
    paid_at: datetime | None = None

    @property
    def state(self) -> str:
        """Return where the batch stands."""
        if self.rejected_at:
            return "rejected"
        return "paid" if self.paid_at else "approved" if self.approved_at else "proposed"

    def must_be_approvable_by(self, actor_id: str) -> None:
        """Check that somebody may approve it.

        Raises: BatchDecided, ProposedByYourself.
        """
        if self.state != "proposed":
            raise BatchDecided
        if actor_id == self.proposed_by:
            raise ProposedByYourself

    def must_be_sendable(self) -> None:
        """Check that it may be sent to a bank.

        Raises: BatchNotApproved.
        """
        if self.state not in {"approved", "paid"}:
            raise BatchNotApproved

    def must_be_payable(self) -> None:
        """Check that it may be paid.

        Raises: BatchNotApproved, BatchDecided.
        """
        if self.state == "proposed":
            raise BatchNotApproved
        if self.state != "approved":
            raise BatchDecided


@dataclass(frozen=True, slots=True)
class Payout:
    """What one sender gets."""

    payout_id: UUID
    batch_id: UUID
    holder: str
    trader_id: UUID | None
    office: str
    amount_minor: int
    currency: Currency
    items: int
    promised_on: date
    code: str | None = None
    tries: int = 0
    paid_at: datetime | None = None
    late: bool | None = None
    lateness: str | None = None


def new_code() -> str:
    """Return six digits that nobody guesses in five tries."""
    return f"{secrets.randbelow(1_000_000):06}"

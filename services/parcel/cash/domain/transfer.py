"""Cash on its way from one office to another: it is in transit until it was counted there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.counting import by_currency
from services.parcel.pricing.domain.money import Amount
from shared.errors import Conflict, FieldProblem, Invalid, NotFound


class TransferNotFound(NotFound):
    """No cash of this transfer is on its way to your office."""

    slug = "transfer-not-found"


class TransferReceived(Conflict):
    """This cash was received; what was counted then stands."""

    slug = "transfer-received"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What one office sent another, and what was counted when it came."""

    transfer_id: UUID
    from_office: str
    to_office: str
    sent: tuple[Amount, ...]
    sent_at: datetime
    sent_by: str
    received: tuple[Amount, ...] | None = None
    received_at: datetime | None = None
    received_by: str | None = None

    @property
    def holder(self) -> str:
        """Return what names the transfer in the ledger."""
        return str(self.transfer_id)

    def received_postings(self, counted: tuple[Amount, ...]) -> tuple[Posting, ...]:
        """Return what the receiving office books: the safe has what was counted, a difference stands as such."""
        sent_minor, counted_minor = by_currency(self.sent), by_currency(counted)
        postings = []
        for currency in sorted({*sent_minor, *counted_minor}):
            sent, found = sent_minor.get(currency, 0), counted_minor.get(currency, 0)
            postings += [
                Posting(Account.SAFE, found, currency),
                Posting(Account.DIFFERENCES, sent - found, currency, self.holder),
                Posting(Account.TRANSIT, -sent, currency, self.holder),
            ]
        return tuple(posting for posting in postings if posting.quantity)


def must_go_elsewhere(from_office: str, to_office: str) -> None:
    """Check that cash is sent to another office.

    Raises: Invalid.
    """
    if from_office == to_office:
        raise Invalid([FieldProblem("to_office", "same-office", "Name another office.")])

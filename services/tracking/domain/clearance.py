"""What must be settled before an item crosses the border or reaches its addressee: advance data, and charges."""

from dataclasses import dataclass
from datetime import datetime

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.journey import comes_again_from
from services.tracking.domain.payment import NOTHING_DUE, Due, PaymentMissing, PaymentUnmatched
from services.tracking.domain.scan import Scan
from shared.contracts.directory import HandOverRule
from shared.contracts.parcel import Service
from shared.contracts.states import CustomerState
from shared.errors import Conflict

DOMESTIC = "KH"
WITHOUT_GOODS: frozenset[Service] = frozenset({"registered_letter"})
"""Customs abroad are told nothing ahead of letters."""


GOES_BACK = frozenset({CustomerState.RETURNING, CustomerState.RETURNED})


class AdvanceDataIncomplete(Conflict):
    """The advance data of this item are not known to be complete; it cannot be closed into a dispatch abroad."""

    slug = "advance-data-incomplete"

    def __init__(self) -> None:
        super().__init__("Declare what the item holds; when its advance data are complete, scan it again.")


class ChargesUnpaid(Conflict):
    """Duty and fees of this item are not paid; it cannot be handed over."""

    slug = "charges-unpaid"

    def __init__(self) -> None:
        super().__init__("Take the payment and note it; then scan the item again.")


@dataclass(frozen=True, slots=True)
class Clearance:
    """What is known of an item at the border; what nobody told yet is left as it is here."""

    destination_country: str | None = None
    service: Service | None = None
    advance_data_complete: bool = False
    charges_due_since: datetime | None = None
    """When it was told; None while nothing is due."""
    ended_at: tuple[datetime, ...] = ()
    """When journeys of the number came to their ends."""
    due: Due = NOTHING_DUE
    """What its recipient has not paid yet, by what is known."""
    state: str = ""
    """Where its latest journey stands."""

    def charges_due(self, at: datetime) -> bool:
        """Tell whether charges are due on the item that has the number at a time; those of one before it are not."""
        if self.charges_due_since is None:
            return False
        begins = [begin for ended_at in self.ended_at if (begin := comes_again_from(ended_at)) <= at]
        return not begins or self.charges_due_since >= max(begins)


def needs_clearance(scan: Scan) -> bool:
    """Tell whether a scan closes an item of ours into a dispatch abroad, or hands one over.

    All other scans are facts that happened, whatever is known or not known of their item.
    """
    if scan.event_code is EventCode.EMC:
        return scan.item_number.endswith(DOMESTIC)
    return scan.event_code is EventCode.EMI


def hindrance(scan: Scan, clearance: Clearance, rule: HandOverRule = "noted") -> Conflict | None:
    """Return why a scan that needs clearance cannot be recorded now, or None.

    An item of ours that nobody registered yet may not leave the country, for it may be one that must be declared.
    """
    if scan.event_code is EventCode.EMI:
        return ChargesUnpaid() if clearance.charges_due(scan.occurred_at) else _unpaid(scan, clearance, rule)
    if clearance.advance_data_complete or clearance.destination_country == DOMESTIC:
        return None
    return None if clearance.service in WITHOUT_GOODS else AdvanceDataIncomplete()


def _unpaid(scan: Scan, clearance: Clearance, rule: HandOverRule) -> Conflict | None:
    """Return what the rule of the office misses; a sender who gets a parcel back pays nothing of what was collected."""
    if rule == "noted" or not clearance.due or clearance.state in GOES_BACK:
        return None
    if scan.payment is None:
        return PaymentMissing()
    return PaymentUnmatched() if rule == "matched" and scan.payment.method == "khqr" else None

"""What an office has on its shelf and what is on its way there, as its counter must know it without a line."""

from dataclasses import dataclass
from enum import StrEnum

from services.parcel.posting.domain.postage import Postage
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from shared.contracts.states import CustomerState

ON_SHELF = frozenset(
    {
        CustomerState.ARRIVED,
        CustomerState.HELD,
        CustomerState.READY_FOR_COLLECTION,
        CustomerState.OUT_FOR_DELIVERY,
        CustomerState.ATTEMPT_FAILED,
    }
)
"""States in which a parcel at the office where it is collected is somewhere in that office's care."""
PHONE_END = 4
"""Digits by which somebody who stands at the counter is known; nobody is called with them."""


class DueFor(StrEnum):
    """What is paid before a parcel is handed over."""

    COD = "cod"
    POSTAGE = "postage"
    CHARGES = "charges"


@dataclass(frozen=True, slots=True)
class Due:
    """One amount to take."""

    due_for: DueFor
    amount: Amount


@dataclass(frozen=True, slots=True)
class OnShelf:
    """One item that waits for somebody: for its sender where it comes back, else for whom it was sent to."""

    item_number: str
    state: CustomerState
    name: str
    phone_end: str
    """The last digits; none where the phone is not known."""
    due: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """One parcel on its way to an office; it names nobody."""

    item_number: str
    state: CustomerState
    service: str
    office: str
    """Of posting."""
    holding_office: str | None
    weight_g: int


def due_of(postage: Postage | None) -> tuple[Due, ...]:
    """Return what the recipient of a parcel pays: what is collected for the sender, and postage left to them."""
    if postage is None:
        return ()
    collected = [Due(DueFor.COD, postage.cod)] if postage.cod else []
    left = [Due(DueFor.POSTAGE, Amount(postage.price.total_riel, "KHR"))] if postage.payer is Payer.RECIPIENT else []
    return (*collected, *left)

"""Which items from abroad a list holds, and where each stands in it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from services.parcel.addresses.domain.khmer_search import QueryTerms
from shared.contracts.states import CustomerState


@dataclass(frozen=True, slots=True)
class InboundFilter:
    """Which items to list; None means any."""

    words: QueryTerms | None = None
    """Of the addressee's name, or the end of their phone."""
    phone_ending: str | None = None
    phone: str | None = None
    """Of the addressee, E.164."""
    state: CustomerState | None = None
    office: str | None = None
    """One that took the item in, holds it or will hand it over."""
    since: datetime | None = None
    until: datetime | None = None
    """The first instant that is too late."""


class Place(NamedTuple):
    """Where an item stands: what fits the words exactly comes first, of that the newest."""

    fits: bool
    """True where no words are asked for."""
    received_at: datetime
    item_number: str


BEGINNING = Place(fits=True, received_at=datetime(9999, 12, 31, tzinfo=UTC), item_number="")
"""A place before the newest item that fits."""

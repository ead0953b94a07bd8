"""The people a shop sends to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.parcel import Language
from shared.errors import NotFound


class EntryNotFound(NotFound):
    """This shop has no such entry."""

    slug = "address-not-found"


@dataclass(frozen=True, slots=True)
class Entry:
    """One person; the phone is E.164 and tells entries apart."""

    entry_id: UUID
    trader_id: UUID
    name: str
    phone: str
    language: Language
    country: str
    address: tuple[str, ...] = ()
    postal_code: str | None = None
    place: str | None = None
    """Of the gazetteer; in Cambodia only."""
    city: str | None = None
    region: str | None = None
    kept_at: datetime | None = None
    """None before it is kept."""

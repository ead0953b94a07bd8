"""What anybody may know of a parcel by its number: events, places, times, the service; nothing of persons."""

from dataclasses import dataclass
from datetime import datetime

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.wording import Text
from shared.contracts.parcel import Service
from shared.contracts.states import CustomerState
from shared.errors import NotFound


class JourneyNotFound(NotFound):
    """No parcel with this number is known; compare the number with the receipt, or look again later."""

    slug = "journey-not-found"


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """One event of a timeline; `place` names the office, where it is known, and the time is local."""

    event_code: EventCode
    text: Text
    place: Text | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class PublicJourney:
    """The latest journey of a number: its state, where and since when it has it, its events oldest first."""

    item_number: str
    state: CustomerState
    state_text: Text
    place: Text | None
    since: datetime
    service: Service | None
    service_text: Text | None
    door_delivery: bool
    """Whether it is known to be brought to the recipient's door."""
    door_delivery_text: Text | None
    events: tuple[PublicEvent, ...]

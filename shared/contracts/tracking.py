"""The events of the tracking service: where a parcel stands now."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.envelope import Event
from shared.contracts.items import ItemNumberText
from shared.contracts.states import CustomerState

TOPIC = "tracking.events"
OWNER = "tracking"


class ParcelMovedV1(Event):
    """A journey's state or last event changed, or its parcel was registered; the highest version of it counts."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "parcel.moved.v1"
    owner: ClassVar[str] = OWNER

    item_number: ItemNumberText
    journey_no: int
    """1, or more for a number that came back 12 months after its journey ended."""
    version: int
    state: CustomerState
    previous_state: CustomerState | None
    first_time_in_state: bool
    event_code: str
    """UPU EMSEVT code of the last event, or a code of ours."""
    office: str | None
    occurred_at: AwareDatetime
    """Device time of the last event, corrected by the drift it carries."""
    reason: str | None
    scan_id: UUID | None = None
    """Id of the last event's scan; none from releases that did not tell it."""

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number


class Money(BaseModel):
    """Whole riel or whole cents."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    amount_minor: int
    currency: Literal["KHR", "USD"]


class PaymentTaken(BaseModel):
    """What a recipient paid as a parcel was handed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    method: Literal["cash", "khqr", "carrier"]
    drawer_id: UUID | None = None
    """The drawer that cash went into."""
    carrier: str | None = None
    """Who collected it at the door, and owes it."""
    received: tuple[Money, ...]
    change: tuple[Money, ...] = ()


class ParcelHandedOverV1(Event):
    """A parcel was handed over and something was paid for it; told once for each scan that says so."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "parcel.handed-over.v1"
    owner: ClassVar[str] = OWNER

    item_number: ItemNumberText
    scan_id: UUID
    """By which it is booked once, however often it is told."""
    office: str
    actor: str
    """Who handed it over, by id."""
    device: str | None
    occurred_at: AwareDatetime
    payment: PaymentTaken

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number

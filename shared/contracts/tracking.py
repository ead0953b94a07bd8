"""The events of the tracking service: where a parcel stands now."""

from typing import ClassVar

from pydantic import AwareDatetime

from shared.contracts.envelope import Event
from shared.contracts.items import ItemNumberText
from shared.contracts.states import CustomerState

TOPIC = "tracking.events"
OWNER = "tracking"


class ParcelMovedV1(Event):
    """A journey's state or last event changed; the highest version of a journey counts."""

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

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number

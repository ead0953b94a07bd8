"""One observation of one parcel: what was seen, where, when by the device's clock and when by ours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.tracking.domain.event_codes import EVENT_KINDS, RANKS, Datum, EventCode, EventKind
from services.tracking.domain.payment import Payment
from services.tracking.domain.reasons import Choice, lists_on
from shared.clock import LOCAL
from shared.contracts.parcel import Service
from shared.contracts.states import CustomerState

Place = tuple[datetime, int, int, UUID]
Seen = tuple[EventCode, datetime, str | None]


class Source(StrEnum):
    """Who told us."""

    COUNTER = "counter"
    PARCEL = "parcel"


@dataclass(frozen=True, slots=True)
class Posting:
    """What is known of a parcel since it was registered; it comes with the scan of its posting."""

    service: Service
    destination_country: str
    collecting_office: str | None
    weight_g: int
    link_secret_sha256: str
    door_delivery: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as it is kept for ever; `drift_ms` is how far the device's clock was ahead of ours."""

    scan_id: UUID
    item_number: str
    event_code: EventCode
    device_time: datetime
    received_at: datetime
    office: str | None
    source: Source
    drift_ms: int = 0
    device: str | None = None
    device_sequence: int = 0
    next_office: str | None = None
    reason: str | None = None
    action: str | None = None
    retention_reason: str | None = None
    collect_by: date | None = None
    actor: str | None = None
    posting: Posting | None = None
    payment: Payment | None = None
    """What was paid as it was handed over."""
    restored_state: CustomerState | None = None
    """Set where a topic alone told of this scan: the state that it was told to have led to, or announced for none."""

    def __post_init__(self) -> None:
        if self.device_time.tzinfo is None or self.received_at.tzinfo is None:
            raise ValueError("the times of a scan are aware")

    @property
    def occurred_at(self) -> datetime:
        """Return the device's time, corrected by its drift."""
        return self.device_time - timedelta(milliseconds=self.drift_ms)

    @property
    def kind(self) -> EventKind:
        """Return what the code stands for."""
        return EVENT_KINDS[self.event_code]

    def choices(self, datum: Datum) -> Mapping[str, Choice]:
        """Return the values that a datum may have by the lists of the scan's day; none where the code takes none."""
        which = self.kind.required.get(datum)
        return lists_on(self.occurred_at.astimezone(LOCAL).date()).choices(which) if which else {}

    @property
    def place(self) -> Place:
        """Return what orders the scans of a number; nothing in it depends on when the scan reached us."""
        return (self.occurred_at, RANKS[self.event_code], self.device_sequence, self.scan_id)

    @property
    def seen(self) -> Seen:
        """Return what topics carry of a scan: what was seen, when and where."""
        return (self.event_code, self.occurred_at, self.office)

    @property
    def is_told_by_parcel(self) -> bool:
        """Tell whether nobody scanned this: the parcel service told it."""
        return self.source is Source.PARCEL

    @property
    def counts(self) -> bool:
        """Return False for a hold without its reason and for a code that this release does not know.

        Of restored scans, those count that were not told to have been undone.
        """
        if self.event_code is EventCode.UNKNOWN:
            return False
        if self.restored_state:
            return self.restored_state is not CustomerState.ANNOUNCED
        return self.retention_reason is not None or Datum.RETENTION_REASON not in self.kind.required

    @property
    def leads_to(self) -> CustomerState:
        """Return the state that this event alone would give; its reason and action may turn it."""
        if self.restored_state:
            return self.restored_state
        if not self.kind.required:
            return self.kind.leads_to
        turns = (choice.leads_to for datum in Datum if (choice := self.choices(datum).get(getattr(self, datum))))
        return next(filter(None, turns), self.kind.leads_to)

    def says_the_same_as(self, other: "Scan") -> bool:
        """Tell whether two scans of one id are one observation, whoever sent them and whenever.

        Of a scan that was restored from a topic, as much is compared as the topic told.
        """
        if other.restored_state:
            return self.seen == other.seen
        return replace(other, received_at=self.received_at, actor=self.actor) == self

"""What a run leaves behind: the rows of three databases, the records of the topics, what processes wrote.

Plain data, so that a test of the checker can plant any violation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from uuid import UUID

from onebox.simulator.history import History, Kind
from services.tracking.domain.rebuilt import JourneyRow
from services.tracking.domain.scan import Scan
from tests.faults.supervision import Death, Start, Stop

UNHURT, SHAKEN, BARELY = 0.95, 0.75, 0.25
"""What must be done of what is offered: the fault hurts nothing that it needs; it dies and comes back, and what was in
hand is asked again; it creeps, or every call is asked again."""
PACE, LAME_PACE = 0.2, 0.1
"""Of its own pace in calm, so much a path keeps that a fault does not cut; and where services die again and again,
or have no processor."""


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A registered parcel."""

    item_number: str
    office: str
    content: Mapping[str, object]
    """What the counter typed, but for the recipient."""
    recipient: Mapping[str, object]
    version: int = 1
    state: str = "accepted"
    cancelled: bool = False
    moved: tuple[int, int] = (1, 0)
    """Journey and version that were followed last."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """An answer kept under a key."""

    caller: str
    key: str
    item_number: str | None
    answer: Mapping[str, object]
    body: bytes
    """The answer as it is kept, and as it is to be given again."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An event as its owner keeps it."""

    event_id: UUID
    topic: str
    type: str
    key: str
    payload: bytes
    sent: bool


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """A record as anybody reads it; `at` is when the broker got it, in seconds of the monotonic clock."""

    topic: str
    partition: int
    offset: int
    type: str
    event_id: str
    key: str
    payload: bytes
    headers: Sequence[tuple[str, str]] = ()
    at: float = 0.0

    def header(self, name: str) -> str:
        """Return the last header of a name, or nothing."""
        return dict(self.headers).get(name, "")


@dataclass(frozen=True, slots=True)
class DeadLetterRow:
    """A record put aside."""

    service: str
    topic: str
    partition: int
    offset: int
    event_id: UUID | None
    payload: bytes
    reason: str
    state: str
    parked_at: float
    """When it was put aside, in seconds of the monotonic clock."""
    waited_s: float
    """From when the record was written to when it was put aside."""
    beside: str = ""
    """Its key and headers."""

    @property
    def written_at(self) -> float:
        """Return when the record was written."""
        return self.parked_at - self.waited_s


@dataclass(frozen=True, slots=True)
class Try:
    """One sending of a message; times are of the monotonic clock, the outcome is None while it lasts."""

    number: int
    began_at: float
    ended_at: float | None
    outcome: str | None
    reason: str | None = None

    @property
    def over_at(self) -> float:
        """Return when it was over; never, while it lasts."""
        return inf if self.ended_at is None else self.ended_at


@dataclass(frozen=True, slots=True)
class Times:
    """When something had to be on its way, was shown on a phone, and ended; all by the database's clock."""

    deadline: datetime
    ended_at: datetime | None
    shown_at: datetime | None
    tried_at: Sequence[datetime] = ()
    """When each try began, as far as tries are written down."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message to one person; `received` counts how often a phone got it, 0 for never."""

    message_id: UUID
    item_number: str
    journey_no: int
    milestone: str
    audience: str
    state: str
    times: Times
    attempts: int = 1
    received: int = 1
    phone: str = ""
    """The one that showed it; nothing where none did."""
    tries: Sequence[Try] = ()


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A sign-in code on its way, or at its end; `phone` is the one that showed it, nothing where none did."""

    message_id: UUID
    request_id: str
    state: str
    times: Times
    attempts: int = 1
    received: int = 1
    phone: str = ""
    kept: bool = False
    """Phone and code stand still where they waited to be sent."""
    tries: Sequence[Try] = ()


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One of the people of a parcel, as notifications would tell them."""

    item_number: str
    audience: str
    name: str
    phone: str
    language: str
    version: int


@dataclass(frozen=True, slots=True)
class BlockRow:
    """Serials of one office; those before `next_serial` are given out."""

    indicator: str
    office: str
    first_serial: int
    last_serial: int
    next_serial: int
    device_id: UUID | None = None
    """The counter's device that leased it, whose alone its numbers are."""


@dataclass(frozen=True, slots=True)
class RangeRow:
    """Serials that the post granted for an indicator; those before `next_serial` are in blocks."""

    indicator: str
    first_serial: int
    last_serial: int
    next_serial: int


@dataclass(frozen=True, slots=True)
class Window:
    """A time during which a fault lasted, in seconds of the monotonic clock, and how much had to go on meanwhile."""

    name: str
    began_at: float
    ended_at: float
    cut: frozenset[Kind] = frozenset()
    """Calls that could not succeed."""
    floor: int = 100
    """Calls that must succeed; where it is 0, nothing is asked of the window."""
    share: float = UNHURT
    """Of what was offered on each path that is not cut, so much must have been done when it ended."""
    pace: float = PACE
    """How much of it each path keeps, unless nothing is asked of the window."""
    outage: bool = False
    """It kept services from working: what has to be quick may take as much longer, and be done again."""
    killing: bool = False
    """It did so by their deaths alone: those tell what may be done again."""
    unnoticed: bool = False
    """Two versions take over from each other in it: no call may fail, and nothing be put aside."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Peaks that a watch saw beside what they may be."""

    name: str
    peak: float
    most: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """How long something took to be well again, beside how long it might."""

    otherwise: str
    """What is said where it took longer."""
    took_s: float
    within_s: float


@dataclass(slots=True)
class Evidence:
    """All that the invariants are checked against."""

    history: History = field(default_factory=History)
    parcels: Sequence[ParcelRow] = ()
    requests: Sequence[RequestRow] = ()
    outboxes: Mapping[str, Sequence[OutboxRow]] = field(default_factory=dict)
    records: Sequence[TopicRecord] = ()
    scans: Mapping[str, Sequence[Scan]] = field(default_factory=dict)
    journeys: Sequence[JourneyRow] = ()
    inboxes: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    dead_letters: Sequence[DeadLetterRow] = ()
    messages: Sequence[MessageRow] = ()
    codes: Sequence[CodeRow] = ()
    last_trader: str = ""
    """The phone of whoever asked for a code when all was well again; nothing where nobody had to."""
    contacts: Sequence[ContactRow] = ()
    contacts_at: Mapping[str, Sequence[ContactRow]] = field(default_factory=dict)
    """Whom each record of the topic of contacts that opens tells of, by `topic/partition/offset`."""
    directory: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """The directory as parcel keeps it, by `kind:id`."""
    blocks: Sequence[BlockRow] = ()
    ranges: Sequence[RangeRow] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """Logs and pages of measures, by name."""
    back_in_time: Mapping[str, int] = field(default_factory=dict)
    """How many rows tell of an end before its beginning, by what they tell."""
    windows: Sequence[Window] = ()
    bounds: Sequence[Bounds] = ()
    held_before: Mapping[str, float] = field(default_factory=dict)
    """What processes and servers held before the fault, by what it is called."""
    held_after: Mapping[str, float] = field(default_factory=dict)
    """And when everything rested."""
    bytes_by_hand: int = 0
    """What the fault itself wrote into PostgreSQL."""
    deaths: Sequence[Death] = ()
    stops: Sequence[Stop] = ()
    starts: Sequence[Start] = ()
    not_ready: Sequence[str] = ()
    """Processes that could not answer at the end."""
    not_drained: Sequence[str] = ()
    """What still waited when the time for it was over."""
    planted: Mapping[str, str] = field(default_factory=dict)
    """Records that the fault put into a topic, `topic/partition/offset`, and the services that must put each aside;
    empty where nobody must."""
    copies: int = 0
    """Records that services may have sent again because the fault asked for it."""
    wiped: frozenset[str] = frozenset()
    """Topics of which a broker's lost disk took records that nobody sends again."""
    rested_at: float = 0.0
    """From when on nothing moved any more, in seconds of the monotonic clock."""

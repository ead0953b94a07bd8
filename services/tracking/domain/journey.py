"""What the scans of a number add up to: a pure fold that no order or repetition of their arrival changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise
from uuid import UUID

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Posting, Scan
from shared.contracts.states import CustomerState

ENDS = frozenset(
    {
        CustomerState.DELIVERED,
        CustomerState.RETURNED,
        CustomerState.CANCELLED,
        CustomerState.STOPPED,
        CustomerState.LOST,
    }
)
ON_THE_WAY_BACK = {
    CustomerState.IN_TRANSIT: CustomerState.RETURNING,
    CustomerState.ARRIVED: CustomerState.RETURNING,
    CustomerState.READY_FOR_COLLECTION: CustomerState.RETURNING,
    CustomerState.OUT_FOR_DELIVERY: CustomerState.RETURNING,
    CustomerState.ATTEMPT_FAILED: CustomerState.RETURNING,
    CustomerState.DELIVERED: CustomerState.RETURNED,
}
"""What an event means once the parcel was turned back."""
HANDED_OVER = frozenset({CustomerState.DELIVERED, CustomerState.RETURNED})
BEFORE_ANY_MOVEMENT = frozenset({CustomerState.ACCEPTED, CustomerState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Journey:
    """One way of one parcel: its state, the scan that led there, all its scans in order, and which of them counted."""

    journey_no: int
    state: CustomerState
    last: Scan
    timeline: tuple[Scan, ...]
    counted: frozenset[UUID]

    @property
    def shown(self) -> tuple[Scan, ...]:
        """Return the scans that happened: all but a cancellation and a repeated posting that did not count."""
        first_posting = next((scan for scan in self.timeline if scan.event_code is EventCode.EMA), None)
        return tuple(
            scan
            for scan in self.timeline
            if scan.scan_id in self.counted or scan is first_posting or not scan.is_told_by_parcel
        )

    @property
    def opened_at(self) -> datetime:
        """Return when the first thing happened."""
        return self.timeline[0].occurred_at

    @property
    def ended_at(self) -> datetime | None:
        """Return when the journey came to its end, if it did."""
        return self.last.occurred_at if self.state in ENDS else None

    @property
    def posting(self) -> Posting | None:
        """Return what the registration told, or None while nobody registered the number."""
        return next((scan.posting for scan in reversed(self.timeline) if scan.posting), None)

    @property
    def office_of_posting(self) -> str | None:
        """Return the office that registered the parcel."""
        return next((scan.office for scan in reversed(self.timeline) if scan.posting), None)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the fold stands after some scans."""

    state: CustomerState
    last: Scan
    moved: bool = False
    turned_back: bool = False
    handed_over: bool = False


def fold(scans: Iterable[Scan]) -> tuple[Journey, ...]:
    """Return the journeys of one number, oldest first; scans of one id count once."""
    unique = {scan.scan_id: scan for scan in scans}
    ordered = sorted(unique.values(), key=lambda scan: scan.place)
    return tuple(_journey(number, leg) for number, leg in enumerate(_legs(ordered), start=1))


def _legs(ordered: Sequence[Scan]) -> list[list[Scan]]:
    """Cut where a number comes again a year after its journey came to an end.

    Any event that ends journeys sets the year going, also one that did not count: so a scan that comes late
    can only cut more, and a journey once opened never vanishes.
    """
    legs: list[list[Scan]] = []
    closes_at: datetime | None = None
    for scan in ordered:
        if not legs or (closes_at is not None and scan.occurred_at >= closes_at):
            legs.append([])
            closes_at = None
        legs[-1].append(scan)
        if closes_at is None and scan.leads_to in ENDS:
            closes_at = comes_again_from(scan.occurred_at)
    return legs


def _journey(journey_no: int, leg: Sequence[Scan]) -> Journey:
    standings = list(accumulate(leg, _after, initial=_Standing(CustomerState.ANNOUNCED, leg[0])))
    counted = (scan.scan_id for scan, (old, new) in zip(leg, pairwise(standings), strict=True) if new is not old)
    return Journey(journey_no, standings[-1].state, standings[-1].last, tuple(leg), frozenset(counted))


def _after(standing: _Standing, scan: Scan) -> _Standing:
    """Return the standing after one more scan; the same one where the scan does not count.

    A hand-over wins over every other end, also over one that stands before it: only so can a delivered parcel
    stay delivered when the news of another end comes late, and any order of arrival give the same state. What
    a late scan may do is show that the parcel had been turned back, so that its sender was handed it.
    """
    leads_to = scan.leads_to
    if standing.handed_over or not scan.counts:
        return standing
    if scan.restored_state:
        return _as_told(standing, scan)
    if standing.state in ENDS and leads_to is not CustomerState.DELIVERED:
        return standing
    if standing.moved and leads_to in BEFORE_ANY_MOVEMENT:
        return standing
    if scan.is_told_by_parcel and leads_to is standing.state:
        return standing
    return _Standing(
        state=ON_THE_WAY_BACK.get(leads_to, leads_to) if standing.turned_back else leads_to,
        last=scan,
        moved=leads_to not in BEFORE_ANY_MOVEMENT,
        turned_back=standing.turned_back or leads_to is CustomerState.RETURNING,
        handed_over=leads_to is CustomerState.DELIVERED,
    )


def _as_told(standing: _Standing, scan: Scan) -> _Standing:
    """Return the standing that a restored scan was told to have led to: what would explain it may be lost."""
    return _Standing(
        state=scan.leads_to,
        last=scan,
        moved=standing.moved or scan.leads_to not in BEFORE_ANY_MOVEMENT,
        turned_back=standing.turned_back or scan.leads_to is CustomerState.RETURNING,
        handed_over=scan.leads_to in HANDED_OVER,
    )


def comes_again_from(ended_at: datetime) -> datetime:
    """Return when a number that ended a journey may begin another one: a year after."""
    try:
        return ended_at.replace(year=ended_at.year + 1)
    except ValueError:
        return ended_at.replace(year=ended_at.year + 1, month=3, day=1)

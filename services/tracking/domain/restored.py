"""What topics give back of a number after its log was lost: the scans they tell of, the last word on each journey.

Topics carry what changed a journey, not every scan. A scan that only a topic knows keeps the state it was told to have
led to: the scans that would explain it may be gone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.tracking.domain.event_codes import EVENT_KINDS, EventCode
from services.tracking.domain.parcel_scans import cancellation_scan, posting_scan
from services.tracking.domain.rebuilt import JourneyRow, Told
from services.tracking.domain.scan import Scan, Source
from shared.contracts.envelope import Event
from shared.contracts.parcel import ParcelCancelledV1, ParcelRegisteredV1
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1

A_JOURNEY_APART = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Restoration:
    """What is to be written of one number."""

    new: Sequence[Scan]
    restated: Sequence[Scan]
    """Scans restored before, of which a later version told something else."""
    heard: Mapping[int, Told]
    """What was told last, by journey."""
    passed_over: int


def restore(log: Sequence[Scan], live: Sequence[JourneyRow], events: Sequence[Event]) -> Restoration:
    """Return what the events of one number, in the order of their topic, add to its log and its journeys.

    An event of a later journey than those that the log shows is passed over: the scans between are not in the topics.
    """
    known = {scan.scan_id: scan for scan in log}
    told = {row.journey_no: row.version for row in live}
    after = dict(known)
    for scan in _parcel_scans(events):
        after.setdefault(scan.scan_id, scan)
    moved = [event for event in events if isinstance(event, ParcelMovedV1)]
    readable = [
        one for one in moved if one.event_code in EVENT_KINDS and (one.journey_no == 1 or one.journey_no in told)
    ]
    heard: dict[int, Told] = {}
    for event in readable:
        scan = _told_scan(event, _scan_id(event, after.values()))
        last = after.setdefault(scan.scan_id, scan)
        heard[event.journey_no] = _last_word(heard.get(event.journey_no), event, scan.scan_id)
        if event.version >= max(told.get(event.journey_no, 0), heard[event.journey_no].version):
            after |= _restated(after.values(), last, event.state)
    if not heard and not any(told.values()):
        # As if nothing had been told, until an event says otherwise: a consumer that is behind tells it no more.
        heard = {1: Told(len(after), (), CustomerState.ANNOUNCED, None)}
    return Restoration(
        [scan for scan_id, scan in after.items() if scan_id not in known],
        [scan for scan_id, scan in after.items() if scan_id in known and scan != known[scan_id]],
        heard,
        len(moved) - len(readable),
    )


def _parcel_scans(events: Sequence[Event]) -> Iterator[Scan]:
    for event in events:
        if isinstance(event, ParcelRegisteredV1):
            yield posting_scan(event, event.time)
        elif isinstance(event, ParcelCancelledV1):
            yield cancellation_scan(event, event.time)


def _told_scan(event: ParcelMovedV1, scan_id: UUID) -> Scan:
    code = EventCode(event.event_code)
    return Scan(
        scan_id=scan_id,
        item_number=event.item_number,
        event_code=code,
        device_time=event.occurred_at,
        received_at=event.time,
        office=event.office,
        source=Source.PARCEL if code is EventCode.CANCELLED else Source.COUNTER,
        reason=event.reason,
        restored_state=event.state,
    )


def _scan_id(event: ParcelMovedV1, log: Iterable[Scan]) -> UUID:
    """Return the id of an event's scan; where an older release left it out, that of a scan which says the same."""
    seen = (event.event_code, event.occurred_at, event.office)
    alike = (scan.scan_id for scan in log if scan.seen == seen)
    return event.scan_id or next(alike, event.event_id)


def _restated(log: Iterable[Scan], last: Scan, state: CustomerState) -> dict[UUID, Scan]:
    """Return restored scans as the last word has them: its own led to its state, those that stand behind to none."""
    restored = [scan for scan in log if scan.restored_state and scan.place >= last.place]
    return {
        scan.scan_id: replace(scan, restored_state=state if scan is last else CustomerState.ANNOUNCED)
        for scan in restored
        if scan.occurred_at - last.occurred_at < A_JOURNEY_APART
    }


def _last_word(before: Told | None, event: ParcelMovedV1, scan_id: UUID) -> Told:
    states = tuple(dict.fromkeys([*(before.states if before else ()), event.state.value]))
    if before and before.version >= event.version:
        return replace(before, states=states)
    return Told(event.version, states, event.state.value, scan_id)

"""What topics give back of a number: in whatever order its scans came, it stands as it was told to stand."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.tracking.domain.event_codes import EVENT_KINDS, EventCode
from services.tracking.domain.journey import fold
from services.tracking.domain.rebuilt import JourneyRow, rebuild
from services.tracking.domain.restored import restore
from services.tracking.domain.scan import Scan
from shared.contracts.tracking import ParcelMovedV1
from tests.tracking.scans import scan

CODES = [EventCode(code) for code in ("EMA", "EDD", "EMG", "EME", "EDX", "EMH", "EMI", "CTC-CANCELLED")]


@st.composite
def arrivals(draw: st.DrawFn) -> list[list[Scan]]:
    """Draw batches of scans of one number, in the order in which they arrive."""
    drawn = []
    for number in range(draw(st.integers(1, 9))):
        code = draw(st.sampled_from(CODES))
        data: dict[str, Any] = {
            datum.value: draw(st.sampled_from([None, *scan(code).choices(datum)]))
            for datum in EVENT_KINDS[code].required
        }
        seen = scan(code, minutes=draw(st.integers(0, 5)), scan_id=UUID(int=number + 1), **data)
        drawn.append(seen)
    cuts = draw(st.lists(st.integers(1, 3), min_size=len(drawn), max_size=len(drawn)))
    batches = []
    while drawn:
        batches.append([drawn.pop() for _ in range(min(len(drawn), cuts.pop()))])
    return batches


def told(batches: list[list[Scan]]) -> list[ParcelMovedV1]:
    """Tell each change of state or last event, as appending does."""
    log: list[Scan] = []
    events: list[ParcelMovedV1] = []
    for batch in batches:
        log += batch
        (journey,) = fold(log)
        if not events or (events[-1].state, events[-1].scan_id) != (journey.state, journey.last.scan_id):
            last = journey.last
            event = ParcelMovedV1(
                item_number=last.item_number,
                journey_no=1,
                version=len(events) + 1,
                state=journey.state,
                previous_state=None,
                first_time_in_state=True,
                event_code=last.event_code,
                office=last.office,
                occurred_at=last.occurred_at,
                reason=last.retention_reason or last.reason,
                scan_id=last.scan_id,
            )
            events.append(event)
    return events


def restored_in_portions(events: list[ParcelMovedV1], size: int) -> tuple[dict[UUID, Scan], list[JourneyRow]]:
    log: dict[UUID, Scan] = {}
    rows: list[JourneyRow] = []
    for start in range(0, len(events), size):
        found = restore([*log.values()], rows, events[start : start + size])
        log |= {one.scan_id: one for one in [*found.new, *found.restated]}
        rows = rebuild([*log.values()], rows, found.heard)
    return log, rows


@given(arrivals(), st.integers(1, 9))
def test_a_number_stands_again_as_it_was_told_to_stand(batches: list[list[Scan]], size: int) -> None:
    events = told(batches)

    _, (row,) = restored_in_portions(events, size)

    assert (row.version, row.state, row.last_scan_id) == (len(events), events[-1].state, events[-1].scan_id)
    assert set(row.states_told) == {event.state for event in events}
    assert (row.told_state, row.told_scan_id) == (None, None)


@given(arrivals(), st.integers(1, 9))
def test_to_restore_again_changes_nothing(batches: list[list[Scan]], size: int) -> None:
    events = told(batches)
    log, rows = restored_in_portions(events, size)

    again = restore([*log.values()], rows, events)

    assert (again.new, again.restated) == ([], [])
    assert rebuild([*log.values()], rows, again.heard) == rows


@given(arrivals(), st.integers(1, 9))
def test_scans_that_come_again_are_those_restored_and_the_rest_moves_nothing(
    batches: list[list[Scan]], size: int
) -> None:
    events = told(batches)
    log, (row,) = restored_in_portions(events, size)
    sent = {one.scan_id: one for batch in batches for one in batch}

    assert all(sent[scan_id].says_the_same_as(one) for scan_id, one in log.items())
    (journey,) = fold((sent | log).values())
    assert (journey.state, journey.last.scan_id) == (row.state, row.last_scan_id)

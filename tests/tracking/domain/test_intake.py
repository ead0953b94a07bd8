"""A closed office takes nothing in; what lies there goes out, and what happened before is heard."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.intake import intake_problems
from tests.access.signed_in import office_entry
from tests.tracking.scans import scan

CLOSES_ON = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 1, 17, tzinfo=UTC)
"""The first instant of that day in Cambodia."""
OPEN = office_entry("TK01")
CLOSING = OPEN.model_copy(update={"closes_on": CLOSES_ON})
CLOSED_LONG_AGO = OPEN.model_copy(update={"closed": True})


@pytest.mark.parametrize(
    ("at", "drift_ms", "refused"),
    [
        (MIDNIGHT - timedelta(seconds=1), 0, False),
        (MIDNIGHT, 0, True),
        (MIDNIGHT, 2_000, False),
        (MIDNIGHT + timedelta(days=90), 0, True),
    ],
)
def test_from_its_day_on_nothing_is_taken_in(at: datetime, drift_ms: int, refused: bool) -> None:
    found = intake_problems(scan(EventCode.EMA, device_time=at, drift_ms=drift_ms), CLOSING)
    assert [(one.field, one.code) for one in found] == [("office", "office-closed")] * refused


@pytest.mark.parametrize("code", sorted(set(EventCode) - {EventCode.EMA, EventCode.UNKNOWN}))
def test_what_lies_there_is_scanned_on_its_way(code: EventCode) -> None:
    assert intake_problems(scan(code, device_time=MIDNIGHT), CLOSED_LONG_AGO) == []


def test_without_a_day_a_closed_office_takes_in_nothing_and_an_open_one_does() -> None:
    taken_in = scan(EventCode.EMA, device_time=MIDNIGHT)
    assert [one.code for one in intake_problems(taken_in, CLOSED_LONG_AGO)] == ["office-closed"]
    assert intake_problems(taken_in, OPEN) == intake_problems(taken_in, None) == []

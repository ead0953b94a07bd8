"""What a counter may not send: each problem names its field."""

from datetime import timedelta
from typing import Any

import pytest

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.plausibility import problems_of
from tests.tracking.scans import NOON, scan

OFFICES = {"TK01", "TK02"}
HOURS_MS = 3_600_000


def problems(code: EventCode, *, minutes: float = 0, **values: Any) -> list[tuple[str, str]]:
    found = problems_of(scan(code, minutes=minutes, **values), OFFICES, NOON)
    return [(problem.field, problem.code) for problem in found]


@pytest.mark.parametrize(
    ("code", "data"),
    [
        (EventCode.EDD, {}),
        (EventCode.EDH, {"next_office": "TK02"}),
        (EventCode.EME, {"retention_reason": "duty-unpaid"}),
        (EventCode.EMH, {"reason": "14", "action": "returned-to-sender"}),
        (EventCode.EDX, {"reason": "seized"}),
    ],
    ids=str,
)
def test_a_scan_with_what_its_code_asks_for_is_right(code: EventCode, data: dict[str, Any]) -> None:
    assert problems(code, **data) == []


def test_a_hold_without_its_reason_is_refused() -> None:
    assert problems(EventCode.EME) == [("retention_reason", "required")]


def test_a_failed_attempt_needs_reason_and_action() -> None:
    assert problems(EventCode.EMH) == [("reason", "required"), ("action", "required")]


def test_a_value_outside_the_list_is_refused() -> None:
    assert problems(EventCode.EMH, reason="99", action="again-today") == [("reason", "unknown-value")]


def test_data_that_the_code_does_not_take_are_refused() -> None:
    assert problems(EventCode.EDD, reason="14") == [("reason", "not-used")]


def test_the_number_of_a_practice_parcel_is_refused_and_no_other_of_its_letters() -> None:
    assert problems(EventCode.EDD, item_number="ZP000000005KH") == [("item_number", "practice-number")]
    assert problems(EventCode.EDD, item_number="ZP000000005KR") == []
    assert problems(EventCode.EDD, item_number="ZD000000005KH") == []


def test_a_cancellation_cannot_be_scanned() -> None:
    assert problems(EventCode.CANCELLED) == [("event_code", "not-scanned")]


def test_an_office_that_nobody_knows_is_refused() -> None:
    assert problems(EventCode.EDD, office="XX99") == [("office", "unknown-office")]
    assert problems(EventCode.EDD, next_office="XX99") == [("next_office", "unknown-office")]


def test_a_time_in_the_future_is_refused() -> None:
    assert problems(EventCode.EDD, minutes=9) == []
    assert problems(EventCode.EDD, minutes=11) == [("device_time", "in-the-future")]


def test_a_wrong_clock_that_says_so_is_no_problem() -> None:
    assert problems(EventCode.EDD, minutes=180, drift_ms=3 * HOURS_MS) == []


def test_a_drift_that_leads_into_the_future_is_refused() -> None:
    assert problems(EventCode.EDD, drift_ms=-3 * HOURS_MS) == [("device_time", "in-the-future")]


def test_a_time_more_than_a_year_back_is_refused() -> None:
    assert problems(EventCode.EDD, minutes=-365 * 1440) == []
    assert problems(EventCode.EDD, minutes=-367 * 1440) == [("device_time", "too-long-ago")]


def test_every_problem_of_a_scan_is_named_at_once() -> None:
    found = problems(EventCode.EME, minutes=60, office="XX99")

    assert {field for field, _ in found} == {"retention_reason", "device_time", "office"}


def test_a_message_is_a_sentence() -> None:
    messages = [problem.message for problem in problems_of(scan(EventCode.EMH, retention_reason="x"), OFFICES, NOON)]

    assert messages == [
        "EMH needs a reason.",
        "EMH needs an action.",
        "EMH does not take a retention reason; leave it out.",
    ]


def test_no_message_repeats_what_was_sent() -> None:
    sent = scan(EventCode.EMH, reason="0123456789", action="Sok Dara", office="Sok Dara")

    messages = " ".join(problem.message for problem in problems_of(sent, OFFICES, NOON + timedelta(days=1)))
    assert "Sok Dara" not in messages
    assert "0123456789" not in messages

"""One scan: its corrected time, what it leads to, when two of one id are the same."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.tracking.domain.event_codes import EventCode
from shared.contracts.states import CustomerState
from tests.tracking.scans import NOON, scan


def test_a_clock_that_is_ahead_is_put_back_by_its_drift() -> None:
    assert scan(EventCode.EDD, drift_ms=90_000).occurred_at == NOON - timedelta(seconds=90)


def test_a_clock_that_is_behind_is_put_forward() -> None:
    assert scan(EventCode.EDD, drift_ms=-1).occurred_at == NOON + timedelta(milliseconds=1)


def test_a_time_without_a_zone_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="aware"):
        scan(EventCode.EDD, at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("code", "reason", "action", "state"),
    [
        (EventCode.EMH, "13", "again-today", CustomerState.ATTEMPT_FAILED),
        (EventCode.EMH, "14", "returned-to-sender", CustomerState.RETURNING),
        (EventCode.EMH, "27", "returned-to-sender", CustomerState.LOST),
        (EventCode.EDX, "seized", None, CustomerState.STOPPED),
        (EventCode.EDX, "returned", None, CustomerState.RETURNING),
        (EventCode.EXX, None, None, CustomerState.STOPPED),
    ],
)
def test_reason_and_action_turn_what_an_event_leads_to(
    code: EventCode, reason: str | None, action: str | None, state: CustomerState
) -> None:
    assert scan(code, reason=reason, action=action).leads_to is state


def test_the_same_scan_sent_again_by_somebody_else_later_is_the_same() -> None:
    first = scan(EventCode.EDD, actor="a")

    assert first.says_the_same_as(replace(first, actor="b", received_at=NOON + timedelta(days=9)))


@pytest.mark.parametrize(
    "change", [{"office": "TK09"}, {"event_code": EventCode.EDE}, {"drift_ms": 5}, {"device_sequence": 3}], ids=str
)
def test_another_observation_under_the_same_id_is_told_apart(change: dict[str, object]) -> None:
    first = scan(EventCode.EDD)

    assert not first.says_the_same_as(replace(first, **change))  # type: ignore[arg-type]  # any field

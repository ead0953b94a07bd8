"""When a code may still go."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.notifications.domain.message import CodeMessage, State
from services.notifications.domain.outcome import Refused, Unknown
from services.notifications.domain.sign_in_code import deadline_of
from tests.notifications.samples import NOON

SENDING = CodeMessage(
    message_id=UUID(int=1),
    request_id="r",
    state=State.SENDING,
    channel="sms",
    attempts=1,
    not_before=NOON,
    deadline=NOON + timedelta(seconds=60),
    traceparent="",
)


@pytest.mark.parametrize(("lives", "within"), [(300, 60), (60, 60), (20, 20), (-5, -5)])
def test_a_code_must_go_within_a_minute_and_before_it_expires(lives: int, within: int) -> None:
    expires_at = NOON + timedelta(seconds=lives)
    assert deadline_of(NOON, expires_at) == NOON + timedelta(seconds=within)


def test_a_refused_code_is_tried_again_after_seconds() -> None:
    after = SENDING.concluded(Refused("busy", permanent=False), deduplicates=False, now=NOON, jitter=1)
    assert (after.state, after.not_before) == (State.QUEUED, NOON + timedelta(seconds=2))
    assert after.request_id == "r"


def test_a_try_that_would_come_after_the_deadline_is_not_made() -> None:
    late = replace(SENDING, deadline=NOON + timedelta(seconds=1))
    after = late.concluded(Refused("busy", permanent=False), deduplicates=False, now=NOON, jitter=1)
    assert after.state is State.FAILED


def test_an_unknown_outcome_stays_unknown() -> None:
    assert SENDING.concluded(Unknown("no-answer"), deduplicates=False, now=NOON, jitter=0).state is State.UNKNOWN

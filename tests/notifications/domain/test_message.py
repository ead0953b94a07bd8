"""What may become of a message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.message import (
    FINAL,
    FOLLOWING,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    ForbiddenTransition,
    Message,
    State,
    wait_after,
)
from services.notifications.domain.milestones import Audience, Milestone
from services.notifications.domain.outcome import Accepted, Outcome, Refused, Unknown

NOW = datetime(2026, 1, 15, 3, tzinfo=UTC)
SENDING = Message(
    message_id=UUID(int=1),
    item_number="RR473124829GB",
    milestone=Milestone.READY_FOR_COLLECTION,
    audience=Audience.RECIPIENT,
    state=State.SENDING,
    channel="sms",
    attempts=1,
    not_before=NOW,
    deadline=NOW + timedelta(days=10),
    traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-00",
)


def test_an_accepted_message_keeps_the_providers_reference() -> None:
    after = SENDING.concluded(Accepted("abc"), False, NOW, 0)
    assert (after.state, after.provider_reference, after.is_final) == (State.ACCEPTED, "abc", True)


def test_a_passing_refusal_is_tried_again_after_a_growing_wait() -> None:
    first = SENDING.concluded(Refused("busy", permanent=False), False, NOW, 1)
    second = replace(SENDING, attempts=2).concluded(Refused("busy", permanent=False), False, NOW, 1)
    assert first.state is second.state is State.QUEUED
    assert NOW < first.not_before < second.not_before


def test_a_permanent_refusal_fails_at_once() -> None:
    after = SENDING.concluded(Refused("no-such-number", permanent=True), False, NOW, 0)
    assert (after.state, after.reason) == (State.FAILED, "no-such-number")


def test_tries_are_bounded() -> None:
    last = replace(SENDING, attempts=MOST_ATTEMPTS)
    assert last.concluded(Refused("busy", permanent=False), False, NOW, 0).state is State.FAILED


def test_a_retry_that_would_come_after_the_deadline_fails() -> None:
    late = replace(SENDING, deadline=NOW + timedelta(seconds=1))
    assert late.concluded(Refused("busy", permanent=False), False, NOW, 0).state is State.FAILED


def test_an_unclear_answer_is_unknown_and_never_failed() -> None:
    assert SENDING.concluded(Unknown("no-answer-in-time"), False, NOW, 0).state is State.UNKNOWN


def test_an_unclear_answer_is_asked_again_where_the_id_makes_that_harmless() -> None:
    assert SENDING.concluded(Unknown("no-answer-in-time"), True, NOW, 0).state is State.QUEUED
    last = replace(SENDING, attempts=MOST_ATTEMPTS)
    assert last.concluded(Unknown("no-answer-in-time"), True, NOW, 0).state is State.UNKNOWN


def test_a_vanished_senders_message_goes_again_only_where_the_channel_deduplicates() -> None:
    assert SENDING.after_lost_lease(True, NOW).state is State.QUEUED
    assert SENDING.after_lost_lease(False, NOW).state is State.UNKNOWN


@pytest.mark.parametrize("state", [state for state in State if state is not State.SENDING])
def test_only_a_message_that_is_being_sent_has_an_outcome(state: State) -> None:
    with pytest.raises(ForbiddenTransition):
        replace(SENDING, state=state).concluded(Accepted("abc"), False, NOW, 0)


def test_every_state_can_be_reached_and_four_are_final() -> None:
    assert {State.ACCEPTED, State.FAILED, State.EXPIRED, State.UNKNOWN} == FINAL
    reached = {State.WAITING_CONTACT, State.QUEUED}.union(*FOLLOWING.values())
    assert reached == set(State)


outcomes = st.one_of(
    st.builds(Accepted, st.just("abc")),
    st.builds(Refused, st.just("no"), permanent=st.booleans()),
    st.builds(Unknown, st.just("hm")),
)


@given(outcomes, st.booleans(), st.integers(1, MOST_ATTEMPTS), st.floats(0, 1))
def test_whatever_comes_back_the_next_state_is_allowed(
    outcome: Outcome, deduplicates: bool, attempts: int, jitter: float
) -> None:
    after = replace(SENDING, attempts=attempts).concluded(outcome, deduplicates, NOW, jitter)
    assert after.state in FOLLOWING[State.SENDING]
    assert after.not_before <= NOW + LONGEST_WAIT


def test_waits_grow_to_a_bound_and_are_spread() -> None:
    waits = [wait_after(attempts, 1) for attempts in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert wait_after(1, 0) == wait_after(1, 1) / 2

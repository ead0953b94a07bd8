"""Who is told what when a parcel moves."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.milestones import (
    NEWS_FOR,
    OF_CUSTOMS,
    STALE_AFTER,
    TELLINGS,
    Audience,
    Milestone,
    deadline_of,
    place,
    tellings,
)
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1


def moved(state: CustomerState, *, first: bool = True) -> ParcelMovedV1:
    return ParcelMovedV1(
        item_number="RR473124829GB",
        journey_no=1,
        version=1,
        state=state,
        previous_state=None,
        first_time_in_state=first,
        event_code="EMA",
        office="TK-BATI",
        occurred_at=datetime(2026, 1, 15, 3, tzinfo=UTC),
        reason=None,
    )


def told(state: CustomerState) -> set[tuple[str, str]]:
    return {(telling.milestone.value, telling.audience.value) for telling in tellings(moved(state))}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("accepted", {("accepted", "recipient")}),
        ("in_transit", {("accepted", "recipient")}),
        ("ready_for_collection", {("ready_for_collection", "recipient")}),
        ("attempt_failed", {("attempt_failed", "recipient")}),
        ("delivered", {("delivered", "sender")}),
        ("returning", {("returning", "recipient"), ("returning", "sender")}),
        ("returned", {("returned", "sender")}),
        ("cancelled", {("cancelled", "recipient"), ("cancelled", "sender")}),
        ("stopped", {("stopped", "sender")}),
        ("lost", {("lost", "sender")}),
        ("announced", set()),
        ("at_customs", set()),
        ("held", set()),
        ("arrived", set()),
        ("out_for_delivery", set()),
    ],
)
def test_each_state_tells_the_people_who_expect_it(state: str, expected: set[tuple[str, str]]) -> None:
    assert told(CustomerState(state)) == expected


def test_a_state_that_was_there_before_tells_nobody() -> None:
    assert all(tellings(moved(state, first=False)) == () for state in CustomerState)


def test_every_milestone_is_told_by_some_state_and_ages() -> None:
    told = {telling.milestone for each in TELLINGS.values() for telling in each}
    of_customs = {telling.milestone for telling in OF_CUSTOMS}
    assert told | of_customs | {Milestone.SIGN_IN_CODE} == set(Milestone) == set(NEWS_FOR)
    assert Milestone.SIGN_IN_CODE not in told, "a code is asked for, and no journey tells it"


def test_news_on_the_way_name_where_it_goes_and_other_news_where_it_is() -> None:
    assert place(Milestone.ACCEPTED, "TK-DAUN", "TK-BATI") == "TK-BATI"
    assert place(Milestone.ACCEPTED, "TK-DAUN", None) is None
    assert place(Milestone.READY_FOR_COLLECTION, "TK-DAUN", "TK-BATI") == "TK-DAUN"
    assert place(Milestone.ATTEMPT_FAILED, None, "TK-BATI") == "TK-BATI"


def test_both_people_of_a_parcel_hear_something() -> None:
    assert {t.audience for each in TELLINGS.values() for t in each} == {Audience.RECIPIENT, Audience.SENDER}


def test_news_is_over_by_the_time_it_happened_however_late_it_was_recorded() -> None:
    late = moved(CustomerState.ACCEPTED)
    recorded_at = late.occurred_at + timedelta(hours=11)
    late = late.model_copy(update={"time": recorded_at})

    assert deadline_of(late, Milestone.ACCEPTED) == late.occurred_at + timedelta(hours=12)
    assert deadline_of(late, Milestone.READY_FOR_COLLECTION) == late.occurred_at + timedelta(days=10)


def test_news_of_a_clock_that_was_ahead_is_over_by_the_time_it_was_recorded() -> None:
    early = moved(CustomerState.LOST)
    early = early.model_copy(update={"time": early.occurred_at - timedelta(minutes=5)})

    assert deadline_of(early, Milestone.LOST) == early.time + NEWS_FOR[Milestone.LOST]


def test_every_step_of_a_journey_ages() -> None:
    assert set(STALE_AFTER) == set(Milestone) - {Milestone.SIGN_IN_CODE}
    assert all(STALE_AFTER[milestone] <= NEWS_FOR[milestone] for milestone in STALE_AFTER)

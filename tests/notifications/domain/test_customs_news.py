"""What the addressee of an item from abroad is to be told of customs, and what they know already."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notifications.domain.customs_news import Amount, News, Spoken, Standing, is_at_customs
from services.notifications.domain.facts import Due
from services.notifications.domain.milestones import NEWS_FOR, Milestone
from shared.contracts.states import CustomerState
from tests.notifications.samples import NOON, NUMBER, moved, number

RIEL, DOLLARS = Due(16_000, "KHR"), Due(16_000, "USD")
NEWS = News(1, NOON, "TK02", NOON, is_told=False, is_open=False)
AT_CUSTOMS, PAPERS, CHARGES = Milestone.AT_CUSTOMS, Milestone.PAPERS_ASKED, Milestone.CHARGES
ALL = Standing(NUMBER, 1, None, NEWS, NEWS, NEWS)


def recorded(due: Due | None) -> Spoken:
    return Spoken(due, is_recorded=True, is_older=True)


def unrecorded(*, is_older: bool) -> Spoken:
    return Spoken(None, is_recorded=False, is_older=is_older)


@pytest.mark.parametrize(
    ("due", "spoken", "is_told"),
    [
        (RIEL, None, False),
        (None, None, True),
        (RIEL, recorded(None), False),
        (RIEL, recorded(RIEL), True),
        (DOLLARS, recorded(RIEL), False),
        (None, recorded(RIEL), False),
        (None, recorded(None), True),
        (RIEL, unrecorded(is_older=True), False),
        (RIEL, unrecorded(is_older=False), True),
        (None, unrecorded(is_older=True), True),
    ],
)
def test_an_amount_is_news_to_a_phone_that_was_told_another_last(
    due: Due | None, spoken: Spoken | None, is_told: bool
) -> None:
    assert Amount(due, spoken).is_told is is_told


@pytest.mark.parametrize(
    ("last_told", "told"),
    [
        (None, [AT_CUSTOMS, PAPERS]),
        (Milestone.ACCEPTED, [AT_CUSTOMS, PAPERS]),
        (Milestone.READY_FOR_COLLECTION, [PAPERS, CHARGES]),
        (Milestone.ATTEMPT_FAILED, [PAPERS, CHARGES]),
        (Milestone.DELIVERED, []),
        (Milestone.RETURNING, []),
        (Milestone.LOST, []),
    ],
)
def test_what_is_news_hangs_on_where_the_item_stands(last_told: Milestone | None, told: list[Milestone]) -> None:
    standing = replace(ALL, last_told=last_told)

    assert [milestone for milestone, _ in standing.untold(NOON)] == told
    assert not standing.is_under_way(NOON)


@pytest.mark.parametrize("milestone", [AT_CUSTOMS, PAPERS])
def test_news_are_told_until_they_are_none(milestone: Milestone) -> None:
    only = replace(ALL, stay=NEWS if milestone is AT_CUSTOMS else None, papers=NEWS if milestone is PAPERS else None)
    ends = NOON + NEWS_FOR[milestone]

    assert [list(only.untold(at)) for at in (ends - timedelta(seconds=1), ends)] == [[(milestone, NEWS)], []]


def test_what_is_told_or_under_way_is_not_told_again_and_the_latter_looked_at_again() -> None:
    told, under_way = replace(NEWS, is_told=True), replace(NEWS, is_open=True)

    assert list(replace(ALL, stay=told, papers=told).untold(NOON)) == []
    waiting = replace(ALL, stay=told, papers=under_way)
    assert list(waiting.untold(NOON)) == []
    assert waiting.is_under_way(NOON)
    assert not waiting.is_under_way(NOON + NEWS_FOR[PAPERS])


@pytest.mark.parametrize(
    ("item_number", "state", "event_code", "at_customs"),
    [
        (NUMBER, CustomerState.AT_CUSTOMS, "EDB", True),
        (NUMBER, CustomerState.HELD, "EME", True),
        (NUMBER, CustomerState.AT_CUSTOMS, "EXA", False),
        (NUMBER, CustomerState.HELD, "EXB", False),
        (NUMBER, CustomerState.HELD, "EDF", False),
        (NUMBER, CustomerState.IN_TRANSIT, "EDC", False),
        (number(1), CustomerState.AT_CUSTOMS, "EDB", False),
    ],
)
def test_an_item_from_abroad_is_with_customs_here(
    item_number: str, state: CustomerState, event_code: str, at_customs: bool
) -> None:
    event = moved(state, item_number).model_copy(update={"event_code": event_code})

    assert is_at_customs(event) is at_customs

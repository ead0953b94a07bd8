"""How long one waits after tries that failed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.people.domain.sign_in_tries import (
    FIRST_WAIT,
    FORGOTTEN_AFTER,
    FREE_TRIES,
    FREE_TRIES_OF_A_NAME,
    LONGEST_WAIT,
    TooManyTries,
    Tries,
    wait_after,
    who_at,
)

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "wait_s"), [(1, 0), (4, 0), (5, 15), (6, 30), (7, 60), (10, 480), (11, 900), (1_000, 900)]
)
def test_waits_grow_and_end(tries: int, wait_s: int) -> None:
    assert wait_after(tries) == timedelta(seconds=wait_s)


def test_a_try_that_comes_too_early_is_told_how_long_to_wait() -> None:
    with pytest.raises(TooManyTries) as refused:
        Tries(FREE_TRIES, NOW).next(NOW + FIRST_WAIT - timedelta(seconds=5))
    assert refused.value.retry_after_s == 6
    assert Tries(FREE_TRIES, NOW).next(NOW + FIRST_WAIT) == Tries(FREE_TRIES + 1, NOW + FIRST_WAIT)


def test_tries_of_long_ago_are_forgotten() -> None:
    later = NOW + FORGOTTEN_AFTER + timedelta(seconds=1)
    assert Tries(40, NOW).next(later) == Tries(1, later)


@given(st.lists(st.integers(0, 1_200), min_size=1, max_size=60))
def test_in_an_hour_hardly_more_than_a_dozen_tries_are_judged(gaps_s: list[int]) -> None:
    tries, judged, at = Tries(0, NOW), 0, NOW
    for gap_s in gaps_s:
        at += timedelta(seconds=gap_s)
        if at - NOW > timedelta(hours=1):
            break
        try:
            tries = tries.next(at)
            judged += 1
        except TooManyTries:
            continue
    assert judged <= FREE_TRIES + 6 + timedelta(hours=1) / LONGEST_WAIT + 1


def test_a_name_has_more_free_tries_than_one_address() -> None:
    assert Tries(FREE_TRIES, NOW).next(NOW, FREE_TRIES_OF_A_NAME) == Tries(FREE_TRIES + 1, NOW)
    with pytest.raises(TooManyTries):
        Tries(FREE_TRIES_OF_A_NAME, NOW).next(NOW, FREE_TRIES_OF_A_NAME)


def test_a_name_and_an_address_make_one_who_tries() -> None:
    assert who_at("sok", "192.0.2.1") == who_at("sok", "192.0.2.1")
    assert len({who_at("sok", "192.0.2.1"), who_at("sok", "192.0.2.2"), who_at("dara", "192.0.2.1")}) == 3
    assert "192.0.2.1" not in who_at("sok", "192.0.2.1")


def test_of_two_tries_at_once_the_earlier_may_be_counted_last() -> None:
    earlier = NOW - timedelta(milliseconds=1)
    assert Tries(1, NOW).next(earlier) == Tries(2, NOW)
    with pytest.raises(TooManyTries):
        Tries(FREE_TRIES, NOW).next(earlier)

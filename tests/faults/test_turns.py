import time
from itertools import islice

import pytest

from tests.faults.scenario import Scenario, all_scenarios
from tests.faults.turns import FEWER_ROUNDS, ROUNDS, Hours, Turn, turns

ALL = all_scenarios()


def _order(seed: int, many: int) -> list[tuple[str, int]]:
    hours = Hours(60.0, len(ALL))
    return [(turn.scenario.title, turn.seed) for turn in islice(turns(ALL, seed, hours), many)]


def test_every_fault_comes_once_before_any_comes_again() -> None:
    order = [title for title, _ in _order(4, 2 * len(ALL))]
    assert sorted(order[: len(ALL)]) == sorted(order[len(ALL) :]) == sorted(scenario.title for scenario in ALL)


def test_what_ci_has_no_time_for_is_in_the_long_form() -> None:
    only_long = {scenario.title for scenario in ALL if scenario.only_long}
    assert only_long
    assert only_long <= {title for title, _ in _order(4, len(ALL))}


def test_one_seed_gives_one_order_and_one_seed_for_each_fault() -> None:
    assert _order(4, 50) == _order(4, 50)
    assert _order(4, 50) != _order(5, 50)
    assert _order(4, 1)[0][1] == 4


@pytest.mark.parametrize(
    ("played", "minutes_gone", "rounds"),
    [(0, 0, ROUNDS), (5, 29, ROUNDS), (5, 37, FEWER_ROUNDS), (9, 59, ROUNDS), (9, 61, FEWER_ROUNDS), (10, 61, ROUNDS)],
)
def test_a_turn_that_is_behind_its_time_has_fewer_rounds(played: int, minutes_gone: float, rounds: int) -> None:
    hours = Hours(60.0, 10, began_at=time.monotonic() - minutes_gone * 60)
    assert hours.rounds_of(Scenario("F9", "x"), played) == rounds
    assert hours.rounds_of(Scenario("F9", "x", least_rounds=3), played) == max(3, rounds)
    assert Hours(0.0, 10, rounds=1).rounds_of(Scenario("F9", "x"), played) == 1


@pytest.mark.parametrize(("number", "took_s", "fits"), [(0, 999.0, True), (1, 999.0, False), (1, 30.0, True)])
def test_what_is_owed_is_played_and_what_fits(number: int, took_s: float, fits: bool) -> None:
    hours = Hours(1.0, 1, took_s={"F9 x": took_s})
    assert hours.has_time_for(Turn(number, Scenario("F9", "x"), 1, 1)) is fits

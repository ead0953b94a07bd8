"""What calls add up to."""

import pytest

from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.tally import Tally, figures, refusals, share


def call(kind: Kind, took_s: float, outcome: Outcome = Outcome.OK, due_at: float = 10.0, reason: str = "") -> Call:
    answer: dict[str, object] = {"results": [{}] * 4} if kind is Kind.SCAN_BATCH else {}
    return Call(kind, "key", outcome, 200, due_at, due_at, due_at + took_s, {}, answer, reason)


def tally(*calls: Call) -> Tally:
    made = Tally()
    for one in calls:
        made.hear(one)
    return made


def test_events_are_registrations_and_each_scan_of_a_batch() -> None:
    kinds = (Kind.REGISTER, Kind.SCAN, Kind.SCAN_BATCH, Kind.READ_JOURNEY, Kind.SIGN_IN)
    heard = tally(*(call(kind, 0.1) for kind in kinds)).between(0, 99)

    assert [one.events for one in heard] == [1, 1, 4, 0, 0]


def test_what_was_not_ok_made_no_event() -> None:
    (heard,) = tally(call(Kind.SCAN, 0.1, Outcome.UNKNOWN)).between(0, 99)

    assert heard.events == 0
    assert not heard.in_time


def test_figures_say_how_many_came_late() -> None:
    kinds = figures(tally(*(call(Kind.SCAN, took_s) for took_s in (0.1, 0.2, 1.5))).between(0, 99))

    assert (kinds[Kind.SCAN].calls, kinds[Kind.SCAN].late) == (3, 1)
    assert kinds[Kind.SCAN].longest_s == pytest.approx(1.5)


def test_only_calls_that_were_due_in_the_stretch_count() -> None:
    made = tally(*(call(Kind.SCAN, 5.0, due_at=due_at) for due_at in (9.0, 10.0, 20.0)))

    assert [heard.due_at for heard in made.between(10.0, 20.0)] == [10.0]


def test_refusals_are_counted_by_reason() -> None:
    heard = tally(
        call(Kind.SCAN, 0.1, Outcome.REFUSED, reason="overloaded"),
        call(Kind.SCAN, 0.1, Outcome.UNKNOWN, reason="busy"),
        call(Kind.SCAN, 0.1, Outcome.REFUSED, reason="overloaded"),
        call(Kind.SCAN, 0.1),
    )

    assert refusals(heard.between(0, 99)) == {"scan overloaded": 2, "scan busy": 1}


@pytest.mark.parametrize(("at", "value"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_a_share_of_ordered_values(at: float, value: float) -> None:
    assert share(range(1, 101), at) == value

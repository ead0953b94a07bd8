"""What tells that a fault did happen: said of one that happened, and not of one that did not."""

from types import SimpleNamespace
from typing import cast

import pytest
from aiokafka import TopicPartition

from onebox.simulator.history import Kind, Outcome
from tests.faults.groups import behind
from tests.faults.offered import least_offered
from tests.faults.run import Run
from tests.faults.scenarios import answer_of_commit_lost
from tests.faults.scenarios.clocks_wrong import is_as_wrong
from tests.faults.scenarios.events_repeated_and_shuffled import mixed_keys
from tests.faults.scenarios.log_disk_full import gave_up_for_want_of_room
from tests.faults.scenarios.members_come_and_go import changed_each_time
from tests.faults.scenarios.one_of_three_brokers_killed import is_kept_safely

PLACES = ["a/0/4", "a/1/2", "b/0/9"]


@pytest.mark.parametrize(
    ("how", "ahead_s", "holds"),
    [
        ("+1h", 3_600, True),
        ("+1h", 0, False),
        ("-1h", -3_600, True),
        ("-1h", 3_600, False),
        ("+0", 1, True),
        ("+0", 31, False),
        ("+0 x1.5", 30, True),
        ("+0 x1.5", 0, False),
    ],
)
def test_a_clock_is_as_wrong_as_set_or_is_not(how: str, ahead_s: float, holds: bool) -> None:
    assert is_as_wrong(how, 60, ahead_s - 0.5, ahead_s + 0.5) is holds


@pytest.mark.parametrize(
    ("generations", "holds"),
    [([3, 5, 7], True), ([3, 4, 5], True), ([3, 3, 5], False), ([3, -1, 5], False), ([1], False), ([], False)],
)
def test_a_group_was_divided_anew_for_each_visitor_or_was_not(generations: list[int], holds: bool) -> None:
    assert changed_each_time(generations) is holds


@pytest.mark.parametrize(
    ("second", "mixed"),
    [("a/0/8", 0), ("a/0/6", 1), ("a/1/8", 1), ("b/0/6", 0)],
    ids=["behind the first", "before the first", "in another partition", "in another topic"],
)
def test_keys_whose_events_do_not_stand_in_their_order_are_counted(second: str, mixed: int) -> None:
    found = mixed_keys([(b"one", "a/0/7"), (b"another", "a/0/2"), (b"one", second)])
    assert found.total() == found["a"] == mixed


@pytest.mark.parametrize(
    ("read", "unread"),
    [((5, 3, 10), 0), ((4, 3, 10), 1), ((5, 2, 10), 1), ((5, 3, 0), 0), ((0, 0, 0), 2)],
    ids=["all", "not the last of one", "not the last of another", "what nobody hears", "none"],
)
def test_what_a_group_has_not_passed_is_counted(read: tuple[int, int, int], unread: int) -> None:
    a, b, c = read
    offsets = {TopicPartition("a", 0): a, TopicPartition("a", 1): b, TopicPartition("b", 0): c}
    assert behind(offsets, PLACES, ["a"]) == unread
    assert behind({}, PLACES, ["a"]) == 2


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ('[7] PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device', True),
        ('[7] LOG:  could not write to file "pg_wal/xlogtemp.7": No space left on device', False),
        ('[7] PANIC:  could not write to file "pg_wal/xlogtemp.7": Input/output error', False),
        ('[7] ERROR:  could not extend file "base/5/1": No space left on device', False),
        ("[7] PANIC:  could not locate a valid checkpoint record\n[8] LOG:  pg_wal: No space left on device", False),
        ("[7] ERROR:  function pg_logical_emit_message(boolean, unknown, text) does not exist", False),
        ("", False),
    ],
    ids=["gave up", "went on", "another fault", "another disk", "two lines", "a statement unknown", "silent"],
)
def test_postgresql_gave_up_for_want_of_room_or_did_not(told: str, holds: bool) -> None:
    assert gave_up_for_want_of_room(told) is holds


@pytest.mark.parametrize(
    ("replicas", "in_sync", "holds"),
    [(3, "2", True), (2, "2", False), (1, "2", False), (3, "1", False), (3, "3", False), (3, None, False)],
)
def test_a_topic_outlives_any_one_of_three_brokers_or_does_not(replicas: int, in_sync: str | None, holds: bool) -> None:
    assert is_kept_safely(replicas, in_sync) is holds


@pytest.mark.parametrize(("for_s", "least"), [(4.0, 20.0), (59.0, 295.0), (60.0, 540.0), (180.0, 1_620.0)])
def test_in_a_long_time_nearly_all_must_be_offered_that_is_asked_for(for_s: float, least: float) -> None:
    assert least_offered(for_s, 10.0) == pytest.approx(least)


@pytest.mark.parametrize(
    ("lost_at", "held"),
    [([2.0], [True, True]), ([1.0, 3.0], [True, True]), ([0.8, 3.1], [False, True]), ([], [False, True])],
)
def test_a_registration_may_end_in_doubt_only_where_an_answer_was_lost_meanwhile(
    lost_at: list[float], held: list[bool]
) -> None:
    earlier = SimpleNamespace(kind=Kind.REGISTER, outcome=Outcome.UNKNOWN, key="one", sent_at=0.0, ended_at=0.1)
    doubtful = SimpleNamespace(kind=Kind.REGISTER, outcome=Outcome.UNKNOWN, key="two", sent_at=1.0, ended_at=3.0)
    of_others = SimpleNamespace(kind=Kind.SCAN, outcome=Outcome.UNKNOWN, key="three", sent_at=5.0, ended_at=6.0)
    found: list[bool] = []
    seen = SimpleNamespace(calls=[earlier, doubtful, of_others])
    run = SimpleNamespace(history=seen, must=lambda is_so, _told: found.append(is_so))
    answer_of_commit_lost._is_known_by_the_next_try(cast("Run", run), 1, lost_at)
    assert found == held

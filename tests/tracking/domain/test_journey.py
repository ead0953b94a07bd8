"""The fold: any order and repetition of scans give the same journeys, and delivered stays delivered."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tracking.domain.event_codes import EVENT_KINDS, EventCode
from services.tracking.domain.journey import ENDS, Journey, fold
from services.tracking.domain.scan import Scan
from shared.contracts.states import CustomerState as S
from tests.tracking.scans import NOON, posting, scan

TELLING_CODES = [EventCode(code) for code in ("EMA", "EDD", "EME", "EDX", "EMH", "EMI", "CTC-CANCELLED")]
"""One code of each kind that the fold treats in its own way."""


def only(*scans: Scan) -> Journey:
    (journey,) = fold(scans)
    return journey


@st.composite
def scans_of_one_number(draw: st.DrawFn) -> list[Scan]:
    drawn = []
    for number in range(draw(st.integers(1, 9))):
        code = draw(st.sampled_from(TELLING_CODES))
        data: dict[str, Any] = {
            datum.value: draw(st.sampled_from([None, *scan(code).choices(datum)]))
            for datum in EVENT_KINDS[code].required
        }
        days = draw(st.sampled_from([0, 0, 0, 1, 2, 200, 366, 731]))
        seen = scan(code, minutes=days * 1440 + draw(st.integers(0, 3)), scan_id=UUID(int=number + 1), **data)
        drawn.append(seen)
    return drawn


@given(scans_of_one_number(), st.data())
def test_any_order_and_repetition_of_scans_gives_the_same_journeys(scans: list[Scan], data: st.DataObject) -> None:
    repeated = scans + data.draw(st.lists(st.sampled_from(scans), max_size=5))

    assert fold(data.draw(st.permutations(repeated))) == fold(scans)


@given(scans_of_one_number())
def test_no_other_scan_takes_a_hand_over_back(scans: list[Scan]) -> None:
    for journey in fold(scans):
        handed_over = any(seen.event_code is EventCode.EMI for seen in journey.timeline)
        assert handed_over == (journey.state in {S.DELIVERED, S.RETURNED})


@given(scans_of_one_number(), st.data())
def test_no_further_scan_makes_a_journey_vanish(scans: list[Scan], data: st.DataObject) -> None:
    known = data.draw(st.lists(st.sampled_from(scans), min_size=1, unique_by=lambda scan: scan.scan_id))

    assert len(fold(known)) <= len(fold(scans))


@given(scans_of_one_number())
def test_every_scan_stands_in_exactly_one_timeline(scans: list[Scan]) -> None:
    shown = [seen.scan_id for journey in fold(scans) for seen in journey.timeline]

    assert sorted(shown) == sorted(seen.scan_id for seen in scans)


def test_a_domestic_parcel_walks_to_its_recipient() -> None:
    way = [EventCode.EMA, EventCode.EDD, EventCode.EDE, EventCode.EMG, EventCode.EDH, EventCode.EMI]
    scans = [scan(code, minutes=place) for place, code in enumerate(way)]

    states = [only(*scans[:seen]).state for seen in range(1, len(scans) + 1)]

    assert states == [S.ACCEPTED, S.IN_TRANSIT, S.IN_TRANSIT, S.ARRIVED, S.READY_FOR_COLLECTION, S.DELIVERED]


def test_a_parcel_abroad_passes_customs_and_shows_what_holds_it() -> None:
    presented = scan(EventCode.EDB, minutes=1)
    held = scan(EventCode.EME, minutes=2, retention_reason="duty-unpaid")
    released = scan(EventCode.EDC, minutes=3)

    assert only(presented).state is S.AT_CUSTOMS
    assert only(presented, held).state is S.HELD
    assert only(presented, held, released).state is S.IN_TRANSIT


def test_a_hold_without_its_reason_has_no_effect_and_is_shown() -> None:
    presented, held = scan(EventCode.EDB, minutes=1), scan(EventCode.EME, minutes=2)

    journey = only(presented, held)

    assert (journey.state, journey.last) == (S.AT_CUSTOMS, presented)
    assert journey.timeline == (presented, held)


@given(scans_of_one_number())
def test_the_last_scan_is_the_last_that_counted(scans: list[Scan]) -> None:
    for journey in fold(scans):
        counted = [seen for seen in journey.timeline if seen.scan_id in journey.counted]
        assert journey.last == (counted or journey.timeline[:1])[-1]


@given(scans_of_one_number())
def test_a_scan_of_an_office_is_always_shown(scans: list[Scan]) -> None:
    assert all(journey.shown == journey.timeline for journey in fold(scans))


def test_a_code_of_a_newer_release_moves_nothing() -> None:
    moved = scan(EventCode.EDD)

    assert only(moved, scan(EventCode.UNKNOWN, minutes=1)).last == moved


def test_delivered_stays_when_an_older_or_a_newer_scan_comes() -> None:
    handed_over = scan(EventCode.EMI, minutes=5)

    journey = only(handed_over, scan(EventCode.EDD, minutes=2), scan(EventCode.EDH, minutes=9))

    assert (journey.state, journey.last) == (S.DELIVERED, handed_over)
    assert journey.ended_at == handed_over.occurred_at
    assert len(journey.timeline) == 3


@pytest.mark.parametrize(
    "other_end",
    [
        scan(EventCode.CANCELLED, minutes=1),
        scan(EventCode.EDX, minutes=1, reason="seized"),
        scan(EventCode.EXX, minutes=1, reason="destroyed"),
        scan(EventCode.EMH, minutes=1, reason="27", action="address-being-checked"),
    ],
    ids=lambda end: end.event_code,
)
def test_a_hand_over_wins_over_every_other_end(other_end: Scan) -> None:
    assert only(other_end).state in ENDS
    assert only(other_end, scan(EventCode.EMI, minutes=2)).state is S.DELIVERED


def test_of_several_hand_overs_the_first_decides() -> None:
    first = scan(EventCode.EMI, minutes=1)
    turned_back = scan(EventCode.EMH, minutes=2, reason="14", action="returned-to-sender")

    journey = only(first, turned_back, scan(EventCode.EMI, minutes=3))

    assert (journey.state, journey.last) == (S.DELIVERED, first)


def test_an_end_does_not_go_back_to_a_way() -> None:
    seized = scan(EventCode.EDX, minutes=1, reason="seized")

    assert only(seized, scan(EventCode.EMG, minutes=2)).state is S.STOPPED


def test_a_cancellation_counts_only_if_nothing_moved_before_it() -> None:
    posted, cancelled = scan(EventCode.EMA), scan(EventCode.CANCELLED, minutes=5)

    assert only(posted, cancelled).state is S.CANCELLED
    assert only(posted, cancelled, scan(EventCode.EDD, minutes=6)).state is S.CANCELLED
    assert only(posted, cancelled, scan(EventCode.EDD, minutes=4)).state is S.IN_TRANSIT


def test_at_one_instant_a_movement_stands_before_the_cancellation() -> None:
    assert only(scan(EventCode.CANCELLED), scan(EventCode.EDD)).state is S.IN_TRANSIT


def test_a_posting_after_a_movement_does_not_pull_the_parcel_back() -> None:
    moved = scan(EventCode.EDD, minutes=1)

    assert only(moved, scan(EventCode.EMA, minutes=2)).last == moved


def test_a_parcel_turned_back_is_returning_until_its_sender_has_it() -> None:
    turned_back = scan(EventCode.EMH, minutes=1, reason="14", action="returned-to-sender")
    way_home = [
        scan(EventCode.EDD, minutes=2),
        scan(EventCode.EMG, minutes=3),
        scan(EventCode.EDH, minutes=4),
    ]

    for seen in range(len(way_home) + 1):
        assert only(turned_back, *way_home[:seen]).state is S.RETURNING
    assert only(turned_back, *way_home, scan(EventCode.EMI, minutes=5)).state is S.RETURNED


def test_an_import_ended_by_return_sends_the_parcel_back() -> None:
    assert only(scan(EventCode.EDX, reason="returned")).state is S.RETURNING


def test_drift_puts_a_scan_of_a_wrong_clock_into_its_place() -> None:
    handed_over = scan(EventCode.EDH, minutes=1)
    an_hour_ahead = scan(EventCode.EDD, minutes=60, drift_ms=60 * 60_000)

    journey = only(handed_over, an_hour_ahead)

    assert journey.timeline == (an_hour_ahead, handed_over)
    assert journey.state is S.READY_FOR_COLLECTION


def test_scans_of_one_instant_stand_by_rank_then_sequence_then_id() -> None:
    ordered = (
        scan(EventCode.EMG, device_sequence=5, scan_id=UUID(int=9)),
        scan(EventCode.EDH, device_sequence=1, scan_id=UUID(int=8)),
        scan(EventCode.EDH, device_sequence=2, scan_id=UUID(int=1)),
        scan(EventCode.EDH, device_sequence=2, scan_id=UUID(int=2)),
    )

    for shuffled in permutations(ordered):
        assert only(*shuffled).timeline == ordered


def test_a_registration_joins_the_scans_that_came_before_it() -> None:
    moved = scan(EventCode.EDD, minutes=1)
    registered = scan(EventCode.EMA, posting=posting(), office="TK01")

    assert only(moved).posting is None
    journey = only(moved, registered)
    assert (journey.posting, journey.office_of_posting) == (posting(), "TK01")
    assert (journey.state, journey.last) == (S.IN_TRANSIT, moved)


def test_a_number_that_comes_again_a_year_after_its_end_opens_a_new_journey() -> None:
    ended = scan(EventCode.EMI)
    just_before = scan(EventCode.EMA, at=NOON.replace(year=NOON.year + 1) - timedelta(seconds=1))
    again = scan(EventCode.EMA, at=NOON.replace(year=NOON.year + 1))

    assert len(fold([ended, just_before])) == 1
    first, second = fold([ended, just_before, again])
    assert (first.journey_no, first.state, second.journey_no, second.state) == (1, S.DELIVERED, 2, S.ACCEPTED)


def test_the_year_runs_from_the_first_end_of_a_journey() -> None:
    scans = [scan(EventCode.EMI), scan(EventCode.EMI, minutes=200 * 1440), scan(EventCode.EMA, minutes=366 * 1440)]

    assert len(fold(scans)) == 2


def test_a_journey_that_ended_on_a_leap_day_closes_on_the_first_of_march() -> None:
    leap_day = NOON.replace(year=2028, month=2, day=29)
    ended = scan(EventCode.EMI, at=leap_day)

    assert len(fold([ended, scan(EventCode.EMA, at=leap_day.replace(year=2029, month=2, day=28))])) == 1
    assert len(fold([ended, scan(EventCode.EMA, at=leap_day.replace(year=2029, month=3, day=1))])) == 2


def test_a_journey_that_has_not_ended_is_never_closed_by_time() -> None:
    assert len(fold([scan(EventCode.EDD), scan(EventCode.EMG, minutes=3 * 366 * 1440)])) == 1


def test_a_number_without_scans_has_no_journey() -> None:
    assert fold([]) == ()

"""Places: the device's own sequence without a gap, whatever the order, the repetitions and the rubble between."""

from hypothesis import given
from hypothesis import strategies as st

from shared.clock import now
from shared.ids import new_id
from shared.syncing.places import Places, places_of
from shared.syncing.record import NOT_A_RECORD, Record, Sent

DEVICE_ID = new_id()


def said(sequence: int) -> Sent:
    """Make a record that is in order."""
    record = Record(
        record_id=new_id(),
        device_id=DEVICE_ID,
        sequence=sequence,
        kind="scan",
        recorded_at=now(),
        drift_ms=0,
        staff="sok",
        pass_id=new_id(),
        body={},
    )
    return Sent("", b"", record, None, sequence, record.record_id)


def rubble(claim: int | None = None) -> Sent:
    """Make a record that cannot be read, but for the sequence that it may say."""
    return Sent("", b"", None, NOT_A_RECORD, claim)


def placed(sent: list[Sent], last: int = 0, known: dict[int, int | None] | None = None) -> Places:
    return places_of(sent, known or {}, last)


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)))
def test_what_comes_next_does_not_depend_on_the_order_sent(order: list[int], missing: set[int]) -> None:
    sequences = [number + 1 for number in order if number not in missing]
    places = placed([said(sequence) for sequence in sequences])

    whole = min(missing, default=8)
    assert [sequence for _, sequence in places.next] == [*range(1, whole + 1)]
    assert all(sequences[index] == sequence for index, sequence in places.next)
    assert {sequences[index] for index in places.waiting} == {s for s in sequences if s > whole}
    assert places.placeless == set()


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(0, 5))
def test_rubble_takes_the_place_at_which_it_was_sent(readable: list[bool], last: int) -> None:
    sent = [said(last + place) if good else rubble() for place, good in enumerate(readable, start=1)]

    places = placed(sent, last)

    assert places.next == [(index, last + index + 1) for index in range(len(sent))]


def test_rubble_that_was_sent_out_of_order_takes_the_place_that_it_says() -> None:
    assert placed([said(1), rubble(3), said(2)]).next == [(0, 1), (2, 2), (1, 3)]


def test_a_claim_that_leaves_a_gap_is_not_believed() -> None:
    assert placed([said(1), rubble(900), said(3)]).next == [(0, 1), (1, 2), (2, 3)]


def test_rubble_without_a_free_place_has_none_and_holds_nothing_up() -> None:
    places = placed([said(1), rubble(1), said(2), rubble(), rubble(2)])

    assert (places.next, places.placeless) == ([(0, 1), (2, 2), (3, 3), (4, 4)], {1})


def test_of_two_that_say_one_sequence_the_first_has_it() -> None:
    places = placed([said(1), said(2), said(2), said(3)])

    assert (places.next, places.placeless) == ([(0, 1), (1, 2), (3, 3)], {2})


def test_what_says_a_place_that_is_taken_has_none() -> None:
    places = placed([said(2), said(3)], last=2)

    assert (places.next, places.placeless, places.waiting) == ([(1, 3)], {0}, set())


def test_rubble_behind_what_is_known_follows_it() -> None:
    assert placed([said(4), rubble(), said(6)], last=4, known={0: 4}).next == [(1, 5), (2, 6)]
    assert placed([rubble(), rubble()], last=4).next == [(0, 5), (1, 6)]
    assert placed([rubble(), said(5)], last=4).placeless == {0}

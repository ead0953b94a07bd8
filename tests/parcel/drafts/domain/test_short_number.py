"""The number that is written by hand: short, and wrong digits show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.drafts.domain.short_number import FIRST_SERIAL, last_of_length, read_short_number, written
from shared.errors import Invalid

SERIALS = st.integers(FIRST_SERIAL, 9_999_999)


def test_a_number_has_five_digits_as_long_as_few_are_open() -> None:
    assert written(4821) == "4821-7"
    assert last_of_length(4821) == 9_999


@pytest.mark.parametrize("text", ["4821-7", "48217", " 4821 7", "៤៨២១-៧", "4821\u20137", "\uff14\uff18\uff12\uff11 7"])
def test_a_number_is_read_however_it_is_typed(text: str) -> None:
    assert read_short_number(text) == 4821


@pytest.mark.parametrize("text", ["", "12-3", "4821-x", "48217é", "1234567890123"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_short_number(text)
    assert [problem.code for problem in refusal.value.problems] == ["not-a-short-number"]


@given(SERIALS, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(serial: int, place: int, by: int) -> None:
    digits = written(serial).replace("-", "")
    place %= len(digits)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    with pytest.raises(Invalid):
        read_short_number(wrong)


@given(SERIALS, st.integers(0, 6))
def test_two_swapped_neighbours_are_always_found(serial: int, place: int) -> None:
    digits = written(serial).replace("-", "")
    place %= len(digits) - 1
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if swapped != digits:
        with pytest.raises(Invalid):
            read_short_number(swapped)


@given(SERIALS)
def test_what_is_written_is_read_again(serial: int) -> None:
    assert read_short_number(written(serial)) == serial

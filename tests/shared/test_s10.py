import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.s10 import RESERVED_FIRST_LETTERS, WEIGHTS, InvalidItemNumber, ItemNumber, check_digit, is_written

PUBLISHED = [
    "RR473124829GB", "EE471108151FR", "RR072705659PL", "EB000717595HK", "EB000717618HK", "RR287043775IN",
    "RR000164273KH", "RB167995284IT", "LL572405406US", "RK166520145LV", "UD656337373MY", "RM999605013CH",
    "EN536199851JP",
]  # fmt: skip
SERIALS = {96633102: 0, 76129403: 8, 71758: 1, 0: 5, 1: 4, 99999999: 5}

letters = st.characters(min_codepoint=ord("A"), max_codepoint=ord("Z"))
numbers = st.builds(
    ItemNumber,
    indicator=st.text(letters, min_size=2, max_size=2).filter(lambda text: text[0] not in RESERVED_FIRST_LETTERS),
    serial=st.integers(0, 99_999_999),
    country=st.text(letters, min_size=2, max_size=2),
)


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_numbers_are_read_and_written_back(text: str) -> None:
    assert str(ItemNumber.parse(text)) == text


@pytest.mark.parametrize(("serial", "digit"), SERIALS.items())
def test_published_serials_have_their_check_digit(serial: int, digit: int) -> None:
    assert check_digit(serial) == digit


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RR473124828GB", "check-digit"),
        ("EB000717594HK", "check-digit"),
        ("JA473124829KH", "reserved-indicator"),
        ("RR47312482GB", "item-number-shape"),
        ("RR4731248290GB", "item-number-shape"),
        ("R1473124829GB", "item-number-shape"),
        ("RR៤៧៣១២៤៨២៩GB", "item-number-shape"),
        ("", "item-number-shape"),
    ],
)
def test_what_is_no_item_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidItemNumber) as refusal:
        ItemNumber.parse(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("sloppy", ["rr 473 124 829 gb", "RR-473-124-829-GB", " rr473124829gb\u200b"])
def test_numbers_are_read_as_people_type_them(sloppy: str) -> None:
    assert ItemNumber.parse(sloppy).grouped == "RR 473 124 829 GB"


@given(numbers)
def test_every_number_reads_back_from_both_its_forms(number: ItemNumber) -> None:
    assert ItemNumber.parse(str(number)) == number
    assert ItemNumber.parse(number.grouped.lower()) == number


@given(st.integers(0, 99_999_999))
def test_the_check_digit_follows_the_weighted_sum(serial: int) -> None:
    digits = [int(digit) for digit in f"{serial:08d}"]
    remainder = sum(map(int.__mul__, digits, WEIGHTS)) % 11
    expected: dict[int, int] = {0: 5, 1: 0}
    assert check_digit(serial) == expected.get(remainder, 11 - remainder)


def _changed(text: str, place: int, digit: str) -> str:
    return text[:place] + digit + text[place + 1 :]


def test_few_single_digit_slips_pass() -> None:
    passed = tried = 0
    for text in PUBLISHED:
        for place in range(2, 10):
            for digit in set("0123456789") - {text[place]}:
                tried += 1
                passed += _parses(_changed(text, place, digit))
    assert passed / tried < 0.04


def _parses(text: str) -> bool:
    try:
        ItemNumber.parse(text)
    except InvalidItemNumber:
        return False
    return True


@given(numbers, st.sampled_from("0123456789"))
def test_a_number_is_written_if_it_reads_back_the_same(number: ItemNumber, digit: str) -> None:
    text = str(number)
    assert is_written(text)
    assert is_written(text[:10] + digit + text[11:]) == (digit == text[10])
    assert not is_written(number.grouped)
    assert not is_written(text.lower())
    assert not is_written(f"S{text[1:]}")

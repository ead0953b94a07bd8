"""Phones as people write them."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.addresses.domain.phones import NotAPhoneNumber, as_the_library_reads, e164
from services.parcel.posting.domain.person import Person

KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("012 345 678", "KH", "+85512345678"),
        ("០១២ ៣៤៥ ៦៧៨", "KH", "+85512345678"),
        ("097-123-4567", "KH", "+855971234567"),
        ("+855 (0)12 345 678", "KH", "+85512345678"),
        ("00855 12 345 678", "KH", "+85512345678"),
        ("០០៨៥៥ ១២ ៣៤៥ ៦៧៨", "KH", "+85512345678"),
        ("010-2345-6789", "KR", "+821023456789"),
        ("+82 10 2345 6789", "KH", "+821023456789"),
    ],
)
def test_a_phone_becomes_e164_however_it_is_written(text: str, country: str, expected: str) -> None:
    assert e164(text, country) == expected


@pytest.mark.parametrize("text", ["", "012", "hello", "012 345 678 901 234", "+999 12 345 678", "000 000 000"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(NotAPhoneNumber):
        e164(text, "KH")


@given(st.integers(200_000, 999_999))
def test_khmer_and_latin_digits_are_the_same_phone(rest: int) -> None:
    written = f"012 {rest}"

    assert e164(written.translate(KHMER_DIGITS), "KH") == e164(written, "KH") == f"+85512{rest}"


# A thousand texts a run: to draw each of them on its own would take longer than all else here.
@given(st.randoms(use_true_random=True))
def test_a_domestic_mobile_is_read_as_the_library_reads_it(chance: Random) -> None:
    for _ in range(10):
        text = "0" + chance.choice("123456789") + "".join(chance.choices("0123456789 ", k=chance.randint(6, 9)))
        assert (text, tried(e164, text)) == (text, tried(as_the_library_reads, text))


def tried(read: Callable[[str, str], str], text: str) -> str:
    try:
        return read(text, "KH")
    except NotAPhoneNumber:
        return "none"


@given(st.text(max_size=40))
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    try:
        assert e164(text, "KH").startswith("+")
    except NotAPhoneNumber:
        return


def test_a_contact_leaves_the_address_out() -> None:
    contact = Person("Sok Dara", "+85512345678", "en", ("Village 3",), "210905").contact()

    assert contact.model_dump() == {"name": "Sok Dara", "phone": "+85512345678", "language": "en"}

"""A whole phone in what is asked for is told from the end of one and from numbers in names."""

import pytest

from services.parcel.addresses.domain.phone_search import phone_ending


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("012 345 678", "+85512345678"),
        ("០១២ ៣៤៥ ៦៧៨", "+85512345678"),
        ("+855 12 345 678", "+85512345678"),
        ("00855 12 345 678", "+85512345678"),
        ("(012) 345-678", "+85512345678"),
        ("Dara 012 345 678", "+85512345678"),
        ("012 345 678 តារា", "+85512345678"),
        ("+82 10-2345-6789", "+821023456789"),
        ("010-2345-6789", "1023456789"),
        ("5678", None),
        ("345 678", None),
        ("Shop 12345", None),
        ("Dara", None),
        ("PD300000180KH", None),
        ("12 34 56a", None),
        ("", None),
    ],
)
def test_a_whole_phone_is_found_in_what_is_asked_for(text: str, ending: str | None) -> None:
    assert phone_ending(text) == ending


def test_a_phone_of_ours_is_not_the_end_of_a_longer_one() -> None:
    assert not "+855112345678".endswith(str(phone_ending("012 345 678")))

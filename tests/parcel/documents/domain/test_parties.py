"""How persons are named."""

import pytest

from services.parcel.documents.domain.parties import Party


@pytest.mark.parametrize(
    ("phone", "country", "dialled"),
    [
        ("+85512345678", "KH", "012 345 678"),
        ("+855971234567", "KH", "097 123 4567"),
        ("+85512345678", "", "+855 12 345 678"),
        ("+821012345678", "KH", "+82 10-1234-5678"),
    ],
)
def test_a_phone_is_written_as_it_is_dialled(phone: str, country: str, dialled: str) -> None:
    assert Party("Sok", phone).phone_for(country) == dialled


def test_the_postal_code_ends_the_address() -> None:
    assert Party("Sok", "+85512345678", ("Bati", "Takeo"), "210208").address_lines == ("Bati", "Takeo", "210208")
    assert Party("Sok", "+85512345678", ("Bati",)).address_lines == ("Bati",)

"""Postal codes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.addresses.domain.postal_codes import NotAPostalCode, read_postal_code


@pytest.mark.parametrize(
    ("written", "country", "code"),
    [
        ("12000", "KH", "12000"),
        ("01000", "KH", "01000"),
        ("210801", "KH", "210801"),
        ("21080101", "KH", "21080101"),
        ("២១០៨០១", "KH", "210801"),
        (" 2108 01 ", "KH", "210801"),
        ("2108-01\u200b", "KH", "210801"),
        ("sw1a 1aa", "GB", "SW1A 1AA"),
        ("100-0001", "JP", "100-0001"),
        ("\uff10\uff16\uff12\uff13\uff16", "KR", "06236"),
        ("00501", "US", "00501"),
        ("00501-1234", "US", "00501-1234"),
    ],
)
def test_a_postal_code_is_kept_as_text(written: str, country: str, code: str) -> None:
    assert read_postal_code(written, country) == code


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("", "KH"),
        ("1200", "KH"),
        ("1200000", "KH"),
        ("210801011", "KH"),
        ("12A00", "KH"),
        ("", "US"),
        ("-", "US"),
        ("1234567890123", "US"),
        ("12_34", "US"),
        ("ភ្នំពេញ", "US"),
        ("0452", "KR"),
        ("045240", "KR"),
        ("04-524", "KR"),
        ("9000", "US"),
        ("90001-12", "US"),
        ("SW1A1A", "GB"),
        ("K1A 0BB", "CA"),
        ("1000-001", "JP"),
    ],
)
def test_what_is_no_postal_code_is_refused_by_field(written: str, country: str) -> None:
    with pytest.raises(NotAPostalCode) as refused:
        read_postal_code(written, country, "recipient.postal_code")

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("recipient.postal_code", "not-a-postal-code")
    ]


def test_a_country_whose_codes_are_not_known_takes_any() -> None:
    assert read_postal_code("a-1", "NP") == "A-1"


@given(st.integers(0, 99_999_999), st.sampled_from([5, 6, 8]))
def test_leading_zeros_stay(number: int, digits: int) -> None:
    code = f"{number:08}"[:digits]

    assert read_postal_code(code, "KH") == code


@given(st.text(max_size=20), st.sampled_from(["KH", "KR"]))
def test_a_code_read_once_reads_as_itself(text: str, country: str) -> None:
    try:
        code = read_postal_code(text, country)
    except NotAPostalCode:
        return
    assert code.isascii()
    assert read_postal_code(code, country) == code

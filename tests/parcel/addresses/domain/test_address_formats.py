"""Forms of addresses abroad."""

import pycountry
import pytest

from services.parcel.addresses.domain.address_formats import format_of

FULL = {"city": "TOWN", "region": "REGION", "postal_code": "123"}


@pytest.mark.parametrize(
    ("country", "last_lines"),
    [
        ("US", ["TOWN REGION 123"]),
        ("GB", ["TOWN", "123"]),
        ("FR", ["123 TOWN"]),
        ("KR", ["TOWN REGION 123"]),
        ("NP", ["123 TOWN", "REGION"]),
    ],
)
def test_the_last_lines_are_written_as_the_country_does(country: str, last_lines: list[str]) -> None:
    assert format_of(country).fill(**FULL) == last_lines


def test_what_is_not_there_leaves_no_gap() -> None:
    assert format_of("US").fill(city="TOWN", region=None, postal_code="123") == ["TOWN 123"]
    assert format_of("GB").fill(city="TOWN", region=None, postal_code=None) == ["TOWN"]


def test_every_country_writes_what_it_asks_for() -> None:
    for country in pycountry.countries:
        form = format_of(country.alpha_2)
        written = form.fill(**FULL)
        for part in form.asks_for:
            assert part == "lines" or FULL[part] in " ".join(written)

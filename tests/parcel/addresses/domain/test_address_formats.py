"""Forms of addresses abroad."""

import pycountry
import pytest

from services.parcel.addresses.domain.address_formats import format_of
from services.parcel.addresses.domain.postal_codes import read_postal_code

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


def test_the_example_of_a_postal_code_is_one() -> None:
    forms = {
        country.alpha_2: form for country in pycountry.countries if (form := format_of(country.alpha_2).postal_code)
    }

    assert len(forms) >= 13
    for country, form in forms.items():
        assert read_postal_code(form.such_as, country) == form.such_as

"""Names of countries as a label has them."""

import pycountry
import pytest

from services.parcel.addresses.domain.countries import english_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KH", "Cambodia"),
        ("KR", "South Korea"),
        ("VN", "Vietnam"),
        ("US", "United States"),
        ("FM", "Federated States of Micronesia"),
        ("CD", "The Democratic Republic of the Congo"),
        ("VI", "U.S. Virgin Islands"),
        ("BQ", "Bonaire, Sint Eustatius and Saba"),
    ],
)
def test_a_country_is_called_as_english_calls_it(code: str, name: str) -> None:
    assert english_name(code) == name


def test_no_name_is_turned_round_as_in_an_index() -> None:
    assert [
        name for country in pycountry.countries if (name := english_name(country.alpha_2)).endswith((" of", " of the"))
    ] == []

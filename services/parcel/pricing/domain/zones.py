"""Zones: how far it is between two districts, and in which group of countries a destination lies.

Source: district codes are those of the gazetteer, two digits of province and two of district; its numbers are not the
six-digit postal codes.
"""

from enum import StrEnum
from functools import cached_property

from pydantic import model_validator

from services.parcel.addresses.domain.countries import DOMESTIC
from shared.editions import Part
from shared.errors import FieldProblem, Invalid


class DomesticZone(StrEnum):
    """How far apart two districts are."""

    SAME_DISTRICT = "same_district"
    SAME_PROVINCE = "same_province"
    NEAR_PROVINCE = "near_province"
    ELSEWHERE = "elsewhere"


class DomesticZones(Part):
    """Which provinces are near each other; pairs of their codes."""

    neighbouring: tuple[tuple[str, str], ...]
    trunk: tuple[tuple[str, str], ...]
    """Joined by a direct line although they do not touch."""

    @cached_property
    def near(self) -> frozenset[frozenset[str]]:
        """Return every pair, whichever way round."""
        return frozenset(frozenset(pair) for pair in (*self.neighbouring, *self.trunk))

    @cached_property
    def provinces(self) -> frozenset[str]:
        """Return every province; each touches another."""
        return frozenset(province for pair in self.neighbouring for province in pair)

    def zone_of(self, origin_district: str, destination_district: str) -> DomesticZone:
        """Return the zone between two districts.

        Raises: Invalid.
        """
        problems = [
            FieldProblem(field, "unknown-province", "The first two digits of the district's code name no province.")
            for field, district in (("origin", origin_district), ("destination", destination_district))
            if district[:2] not in self.provinces
        ]
        if problems:
            raise Invalid(problems)
        if origin_district == destination_district:
            return DomesticZone.SAME_DISTRICT
        return self._between(origin_district[:2], destination_district[:2])

    def _between(self, origin: str, destination: str) -> DomesticZone:
        if origin == destination:
            return DomesticZone.SAME_PROVINCE
        is_near = frozenset((origin, destination)) in self.near
        return DomesticZone.NEAR_PROVINCE if is_near else DomesticZone.ELSEWHERE


class CountryZones(Part):
    """Which countries are priced alike."""

    countries: dict[str, tuple[str, ...]]
    """ISO 3166-1 alpha-2 codes by zone."""
    others: str
    """The zone of all the rest."""

    @model_validator(mode="after")
    def _name_each_country_once(self) -> "CountryZones":
        named = [country for countries in self.countries.values() for country in countries]
        if len(named) > len(set(named)) or DOMESTIC in named:
            raise ValueError("a country stands in one zone, and ours in none")
        return self

    def zone_of(self, country: str) -> str:
        """Return the zone of a country abroad."""
        return next((zone for zone, countries in self.countries.items() if country in countries), self.others)

    def names(self) -> set[str]:
        """Return every zone."""
        return {*self.countries, self.others}

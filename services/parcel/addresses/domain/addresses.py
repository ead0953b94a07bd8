"""Addresses: what they consist of, what a country asks for, how they are written on a label."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.parcel.addresses.domain.address_formats import Part, format_of
from services.parcel.addresses.domain.countries import DOMESTIC, english_name, must_be_country
from services.parcel.addresses.domain.gazetteer import Level, Place, PlaceNotFound, gazetteer
from services.parcel.addresses.domain.postal_codes import read_postal_code
from shared.contracts.parcel import Language
from shared.errors import FieldProblem, Invalid, gathering

MOST_LINES = 4
_SPACES = re.compile(r"\s+")
_VILLAGE = "ភូមិ"
_PROVINCE = "ខេត្ត"
_CAPITAL = "រាជធានី"
_FIELDS: dict[Part, str] = {"lines": "address"}
"""What requests call a part, where they call it otherwise."""
_TOWN: tuple[Part, ...] = ("city", "region")
_ASKED: dict[Part, str] = {
    "lines": "Write at least one line: house and street, a building, a village.",
    "city": "This country asks for the town; write it here, or as the last of several lines.",
    "region": "This country asks for the state or province.",
    "postal_code": "This country asks for the postal code.",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is; in Cambodia the place says what elsewhere town and region do."""

    country: str
    lines: tuple[str, ...] = ()
    """House, street, landmark: what the person wrote."""
    place_code: str | None = None
    """Of the gazetteer, at any level; Cambodia only."""
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None


def read_address(written: Address, field: str = "", *, whole: bool = True) -> Address:
    """Check an address as somebody typed it, and return it as it is kept; problems name parts under the field.

    In Cambodia it may be left out, wholly or in part, unless it is to be `whole`: a parcel waits at an office.
    Nothing else checks an address, so that one kept once can be shown whatever becomes of rules and places.

    Raises: Invalid.
    """
    tidy, at = _tidied(written), f"{field}." if field else ""
    with gathering() as part:
        with part():
            must_be_country(tidy.country, f"{at}country")
        with part():
            needed = whole or tidy.country != DOMESTIC
            if problems := [*_unfit(tidy, at), *(_missing(tidy, at) if needed else ())]:
                raise Invalid(problems)
        with part():
            if tidy.postal_code is not None:
                tidy = replace(tidy, postal_code=read_postal_code(tidy.postal_code, tidy.country, f"{at}postal_code"))
    return tidy


def domestic_lines(address: Address, language: Language) -> list[str]:
    """Write an address in Cambodia on a label that stays in Cambodia; the postal code ends the last line."""
    return [*address.lines, *_place_lines(address, language)]


def international_lines(address: Address) -> list[str]:
    """Write an address on a label that crosses a border: in English, the country in capitals as the last line."""
    return [*lines_abroad(address), english_name(address.country).upper()]


def lines_abroad(address: Address) -> list[str]:
    """Write an address on what crosses a border, where the country has a place of its own."""
    if address.country == DOMESTIC:
        before = _place_lines(address, "en")
    else:
        before = format_of(address.country).fill(
            city=address.city, region=address.region, postal_code=address.postal_code
        )
    return [*address.lines, *before]


def _tidied(written: Address) -> Address:
    lines = tuple(line for line in map(_tidied_text, written.lines) if line)
    return replace(
        written,
        lines=lines,
        place_code=_tidied_text(written.place_code) or None,
        postal_code=_tidied_text(written.postal_code) or None,
        city=_tidied_text(written.city) or None,
        region=_tidied_text(written.region) or None,
    )


def _tidied_text(text: str | None) -> str:
    return _SPACES.sub(" ", text or "").strip()


def _unfit(address: Address, at: str) -> Iterator[FieldProblem]:
    """Name what cannot stand in an address of this country."""
    if len(address.lines) > MOST_LINES:
        yield FieldProblem(f"{at}address", "too-many-lines", f"A label has room for {MOST_LINES} lines.")
    if address.country != DOMESTIC:
        if address.place_code:
            message = "Only addresses in Cambodia have a place; write town and region instead."
            yield FieldProblem(f"{at}place", "not-in-cambodia", message)
        return
    for name in ("city", "region"):
        if getattr(address, name):
            message = "In Cambodia choose the place; leave this empty."
            yield FieldProblem(f"{at}{name}", "place-instead", message)
    if address.place_code:
        try:
            gazetteer().find(address.place_code)
        except PlaceNotFound as unknown:
            yield FieldProblem(f"{at}place", unknown.slug, unknown.title)


def _missing(address: Address, at: str) -> Iterator[FieldProblem]:
    if address.country == DOMESTIC:
        if not address.lines and not address.place_code:
            message = "Choose the village or commune, or write a line."
            yield FieldProblem(f"{at}place", "missing", message)
        return
    for part in format_of(address.country).asks_for:
        if not getattr(address, part) and not (part in _TOWN and _ends_with_town(address)):
            yield FieldProblem(f"{at}{_FIELDS.get(part, part)}", "missing", _ASKED[part])


def _ends_with_town(address: Address) -> bool:
    """Tell whether town and region may stand in the last of several lines, as people write them on an envelope."""
    return len(address.lines) > 1 and not address.city and not address.region


def _place_lines(address: Address, language: Language) -> list[str]:
    """Write village and commune, then district and province, as far as they are known."""
    try:
        path = gazetteer().path(address.place_code) if address.place_code else ()
    except PlaceNotFound:
        path = ()
    small = [_name(place, language) for place in path if place.level in (Level.VILLAGE, Level.COMMUNE)]
    large = [_name(place, language) for place in path if place.level in (Level.DISTRICT, Level.PROVINCE)]
    last = " ".join(filter(None, [", ".join(large), address.postal_code]))
    return [line for line in (", ".join(small), last) if line]


def _name(place: Place, language: Language) -> str:
    """Return a name as a label has it; Khmer names say what they are where the data tell it."""
    if language == "en":
        return place.name_en
    if place.level is Level.VILLAGE:
        return place.name_km if place.name_km.startswith(_VILLAGE) else _VILLAGE + place.name_km
    if place.level is Level.PROVINCE and not place.name_km.startswith(_CAPITAL):
        return _PROVINCE + place.name_km
    return place.name_km

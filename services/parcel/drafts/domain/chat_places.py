"""Places as they stand in a message: `ភូមិតាអែម ឃុំ… ស្រុកត្រាំកក់ តាកែវ`, or `Tram Kak district, Takeo`."""

import re
from collections.abc import Mapping, Sequence

from services.parcel.addresses.domain.gazetteer import Level, Place
from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.addresses.domain.place_search import find_places
from shared.contracts.directory import OfficeV1

MOST_LOOKED_AT = 60
_LEVELS = {
    Level.VILLAGE: ("ភូមិ", "village", "phum"),
    Level.COMMUNE: ("ឃុំ", "សង្កាត់", "commune", "sangkat", "khum"),
    Level.DISTRICT: ("ស្រុក", "ខណ្ឌ", "ក្រុង", "district", "khan", "srok", "krong"),
    Level.PROVINCE: ("ខេត្ត", "រាជធានី", "province", "khet"),
}
_LEVEL_OF = {word: level for level, words in _LEVELS.items() for word in words}
_KHMER = re.compile(f"({'|'.join(word for word in _LEVEL_OF if not word.isascii())})")
_LATIN = re.compile(rf"\b({'|'.join(word for word in _LEVEL_OF if word.isascii())})\b", re.IGNORECASE)
_CAPITAL = "រាជធានី"
_BETWEEN = re.compile(r"[,;/|]+|\s{2,}")
_SIZES = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.VILLAGE)


def names_a_place(text: str) -> bool:
    """Tell whether a text has a word such as village or province."""
    return bool(_KHMER.search(text) or _LATIN.search(text))


def place_in(text: str) -> Place | None:
    """Return the smallest place that a text names beyond doubt."""
    within: Sequence[str] = ("",)
    best: Place | None = None
    found = [(level, places) for level, name in _units(text) if (places := _places(level, name))]
    for _, places in sorted(found, key=lambda one: _rank(one[0], one[1])):
        here = [place for place in places if place.code.startswith(tuple(within))]
        if not here:
            continue
        within = [place.code for place in here]
        if len({place.code for place in here}) == 1:
            best = here[0]
    return best


def office_near(place: Place, offices: Mapping[str, OfficeV1]) -> str | None:
    """Return the code of the one office in the district of a place; None where there is none or more than one."""
    near = [code for code, office in offices.items() if office.district_code == place.code[:4] and not office.closed]
    return near[0] if len(near) == 1 and len(place.code) >= len("0000") else None


def _units(text: str) -> list[tuple[Level | None, str]]:
    """Return the names in a text, each with its level if a word says so: before it, or behind it in English."""
    units: list[tuple[Level | None, str]] = []
    for part in _BETWEEN.split(text):
        pieces = _KHMER.split(part)
        units += [(None, pieces[0])]
        units += [(_LEVEL_OF[word], name) for word, name in zip(pieces[1::2], pieces[2::2], strict=True)]
    return [unit for level, name in units for unit in _latin(level, name)]


def _latin(level: Level | None, name: str) -> list[tuple[Level | None, str]]:
    match = _LATIN.search(name)
    if match is None:
        cleaned = name.strip(" .:៖-")
        return [(level, cleaned)] if cleaned else []
    # Each word before the level's may begin its name: the gazetteer knows which.
    words = (name[: match.start()] or name[match.end() :]).split()
    said = _LEVEL_OF[match[1].lower()]
    rest = _latin(level, name[match.end() :]) if name[: match.start()].strip() else []
    return [(said, " ".join(words[first:])) for first in range(len(words))] + rest


def _places(level: Level | None, name: str) -> list[Place]:
    wanted = folded(name)
    alike = [place for place in find_places(name, MOST_LOOKED_AT) if wanted in _spellings(place)] if wanted else []
    if level is None:
        # Thousands of villages have the names of people; without its word a name is of a district or a province.
        return [place for place in alike if place.level in (Level.PROVINCE, Level.DISTRICT)]
    return [place for place in alike if place.level is level]


def _spellings(place: Place) -> tuple[str, ...]:
    return folded(place.name_km), folded(place.name_km).removeprefix(folded(_CAPITAL)), folded(place.name_en)


def _rank(level: Level | None, places: Sequence[Place]) -> int:
    return _SIZES.index(level or min((place.level for place in places), key=_SIZES.index))

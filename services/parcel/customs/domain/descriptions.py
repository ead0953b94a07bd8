"""Descriptions of goods that customs abroad accepts: they say what the thing is, in letters that are read there."""

from datetime import date
from functools import cache

from pydantic import TypeAdapter

from services.parcel.addresses.domain.latin_letters import is_latin
from services.parcel.addresses.domain.printable_letters import unprintable_letters
from services.parcel.customs.domain.dated import RULES, Sourced, latest
from services.parcel.customs.domain.declaration import ContentLine
from services.parcel.customs.domain.goods import catalogue, find_goods
from services.parcel.customs.domain.words import words_of


class VagueWords(Sourced):
    """Words that say nothing of the thing, alone or among themselves."""

    version: str
    vague: frozenset[str]
    fillers: frozenset[str]


@cache
def vague_words() -> tuple[VagueWords, ...]:
    """Return every list there is."""
    return TypeAdapter(tuple[VagueWords, ...]).validate_json((RULES / "vague_words.json").read_bytes())


def is_vague(description: str, on: date) -> bool:
    """Tell whether a description holds no word that says what the thing is."""
    words = words_of(description)
    told = [word for word in words if len(word) > 1 and word not in _empty_words(latest(vague_words(), on).version)]
    return not told


def is_read_abroad(text: str) -> bool:
    """Tell whether customs abroad can read a text, and the forms can show it."""
    return is_latin(text) and not unprintable_letters(text)


def english_for(line: ContentLine, on: date) -> str | None:
    """Return what the catalogue calls a thing in English that was picked in it, or is written as it is there."""
    picked = catalogue(on).get(line.goods) if line.goods else None
    written = find_goods(line.description, on, 1)
    return picked.en if picked else next((goods.en for goods in written), None)


@cache
def _empty_words(version: str) -> frozenset[str]:
    words = next(one for one in vague_words() if one.version == version)
    return frozenset(stem for word in words.vague | words.fillers for stem in words_of(word))

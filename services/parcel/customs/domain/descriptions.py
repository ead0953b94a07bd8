"""Descriptions of goods that customs abroad accepts: they say what the thing is, in letters that are read there."""

import re
from datetime import date
from functools import cache

from pydantic import TypeAdapter

from services.parcel.customs.domain.dated import RULES, Sourced, latest
from services.parcel.customs.domain.words import words_of

_KHMER = re.compile(r"[\u1780-\u17ff]")


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


def is_khmer(description: str) -> bool:
    """Tell whether a description holds Khmer letters, which customs abroad cannot read."""
    return _KHMER.search(description) is not None


@cache
def _empty_words(version: str) -> frozenset[str]:
    words = next(one for one in vague_words() if one.version == version)
    return frozenset(stem for word in words.vague | words.fillers for stem in words_of(word))

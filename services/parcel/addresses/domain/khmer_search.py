"""Terms under which names are kept and found, whatever script or spelling they are typed in.

Keep `search_terms(name)`, with `phone_terms` of its owner, in a `text[]` column under a GIN index. What is asked for is
found by `terms @> exact or terms @> alike`, best first by `order by terms @> exact desc, cardinality(terms)`.
Khmer has no spaces between words and a dictionary does not know names, so what is kept are pairs of neighbours:
of written syllables for `exact`, of consonants heard for `alike`. A part of a name finds the whole.
"""

import re
from collections.abc import Iterable, Sequence
from operator import add
from typing import NamedTuple

from services.parcel.addresses.domain.khmer_folding import COENG, KHMER_LETTERS, folded
from services.parcel.addresses.domain.phone_search import WRITTEN_PHONE
from services.parcel.addresses.domain.sounds import khmer_sounds, latin_sounds, once

PHONE_DIGITS = 4
"""The last digits of a phone, by which people ask for it."""
NOTHING = frozenset({""})
"""Terms that no name has."""
_KHMER = "\u1780-\u17d3"
_TOKEN = re.compile(rf"([{KHMER_LETTERS}][{_KHMER}]*)|([0-9]+)|([^\W\d_{_KHMER}]+)")
_SYLLABLE = re.compile(f"[{KHMER_LETTERS}](?:{COENG}[{KHMER_LETTERS}]|[^{KHMER_LETTERS}])*")
_APOSTROPHES = str.maketrans("", "", "'`\"\u2018\u2019")
_VOWEL_FIRST = re.compile("[aeiou]|.*[\u17a2-\u17b3]")
_VOWEL = "A"
_SPOKEN = {"1": "M", "2": "P", "3": "P", "4": "PN", "5": "PRM", "6": "PRM", "7": "PRMP", "8": "PRMP", "9": "PRMPN"}
"""What is heard of small numbers: a village may be number 2, ២ or Pir."""


class QueryTerms(NamedTuple):
    """Either set finds a name that has all of its terms; `exact` finds the better ones."""

    exact: frozenset[str]
    alike: frozenset[str]


def search_terms(name: str) -> frozenset[str]:
    """Return the terms to keep beside a name."""
    tokens = list(_tokens(name))
    written = {token for token in tokens if not _is_khmer(token)}
    syllables = [syllable for token in tokens if _is_khmer(token) for syllable in _SYLLABLE.findall(token)]
    sounds = "".join(map(_sounds, tokens))
    # In Bunheng the letters NH are two sounds, in Panha one; who asks for Heng or for Panha finds either.
    heard = {*_with_pairs(sounds), *_with_pairs(sounds.replace("NH", "N"))}
    vowel = {_VOWEL} if any(map(_VOWEL_FIRST.match, tokens)) else set()
    return frozenset({*written, *_with_pairs(syllables), *heard, *vowel})


def phone_terms(phone: str) -> frozenset[str]:
    """Return the terms to keep beside a phone number."""
    return frozenset({phone[-PHONE_DIGITS:]})


def query_terms(text: str) -> QueryTerms:
    """Return what a name must have to be found; a phone, or the last four digits of one, may be asked for too."""
    tokens = list(_tokens(text))
    exact = {term for token in tokens for term in _written_terms(token)}
    alike = {term for token in tokens for term in _heard_terms(token)}
    return QueryTerms(frozenset(exact) or NOTHING, frozenset(alike) or NOTHING)


def sounds_of(text: str) -> str:
    """Return the consonants heard in a text as a whole."""
    return once("".join(map(_sounds, _tokens(text)))).replace("NH", "N")


def _tokens(text: str) -> Iterable[str]:
    """Cut a text into runs of Khmer, of digits, and words; of long digits only the last ones count."""
    plain = folded(text).translate(_APOSTROPHES)
    plain = WRITTEN_PHONE.sub(lambda phone: re.sub("[^0-9]", "", phone[0]), plain)
    for found in _TOKEN.finditer(plain):
        yield found[0][-PHONE_DIGITS:] if found[2] else found[0]


def _is_khmer(token: str) -> bool:
    return "\u1780" <= token[0] <= "\u17b3"


def _sounds(token: str) -> str:
    if token.isdecimal():
        return _SPOKEN.get(token, "")
    return khmer_sounds(token) if _is_khmer(token) else latin_sounds(token)


def _written_terms(token: str) -> Iterable[str]:
    return _longest(_SYLLABLE.findall(token)) if _is_khmer(token) else [token]


def _heard_terms(token: str) -> Iterable[str]:
    sounds = _sounds(token).replace("NH", "N")
    if sounds:
        return _longest(sounds)
    if _VOWEL_FIRST.match(token):
        return [_VOWEL]
    return [] if _is_khmer(token) else [token]


def _with_pairs(parts: Sequence[str]) -> list[str]:
    return [*parts, *map(add, parts, parts[1:])]


def _longest(parts: Sequence[str]) -> Iterable[str]:
    return map(add, parts, parts[1:]) if len(parts) > 1 else parts

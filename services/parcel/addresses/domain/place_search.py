"""Places found by name, in Khmer or Latin, however they are spelt."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from services.parcel.addresses.domain.gazetteer import Place, gazetteer
from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.addresses.domain.khmer_search import query_terms, search_terms, sounds_of

_CAPITAL = folded("រាជធានី")
"""Stands before the name of one province, and nobody types it."""


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What places of one name share."""

    names: tuple[str, ...]
    sounds: frozenset[str]

    @classmethod
    def of(cls, names: tuple[str, str]) -> "_Spelling":
        return cls(tuple(folded(name).removeprefix(_CAPITAL) for name in names), frozenset(map(sounds_of, names)))


@dataclass(frozen=True, slots=True)
class _Index:
    places: Sequence[Place]
    spellings: Sequence[_Spelling]
    at: Mapping[str, Sequence[int]]
    """Where the places of a term stand among all."""

    def having(self, terms: Iterable[str]) -> set[int]:
        """Return where the places stand that have all of the terms."""
        rarest, *others = sorted((self.at.get(term, ()) for term in terms), key=len)
        return set(rarest).intersection(*others)


def find_places(text: str, limit: int) -> list[Place]:
    """Return the places whose name has every word of a text, or sounds like it, the best first."""
    index, query = _index(), query_terms(text)
    exact = index.having(query.exact)
    rank = _ranking(index, text, exact)
    return [index.places[at] for at in sorted(exact | index.having(query.alike), key=rank)[:limit]]


def _ranking(index: _Index, text: str, exact: Container[int]) -> Callable[[int], tuple[int, int, int, str]]:
    """Put equal names first, then those that begin or sound so, then others; larger places before smaller ones.

    Of those that only sound a little like it the shortest name is the nearest.
    """
    wanted, heard = folded(text), sounds_of(text)

    def rank(at: int) -> tuple[int, int, int, str]:
        code, spelling = index.places[at].code, index.spellings[at]
        size, length = len(code), min(map(len, spelling.names))
        if wanted in spelling.names:
            return 0, size, length, code
        if heard in spelling.sounds or any(name.startswith(wanted) for name in spelling.names):
            return 1, size, length, code
        return (2, size, length, code) if at in exact else (3, length, size, code)

    return rank


@cache
def _index() -> _Index:
    """Return the index; it is made once, when somebody searches."""
    places = sorted(gazetteer(), key=_names)
    spellings: list[_Spelling] = []
    at: defaultdict[str, array[int]] = defaultdict(lambda: array("H"))
    # Thousands of villages share their names, which are cut into terms once.
    for names, alike in groupby(places, key=_names):
        numbers = range(len(spellings), len(spellings) + len(list(alike)))
        spellings += [_Spelling.of(names)] * len(numbers)
        for term in search_terms(names[0]) | search_terms(names[1]):
            at[term].extend(numbers)
    return _Index(places, spellings, dict(at))


def _names(place: Place) -> tuple[str, str]:
    return place.name_km, place.name_en

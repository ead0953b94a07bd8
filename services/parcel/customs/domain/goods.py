"""The catalogue of things that people here send: a Khmer word picked gives the English one and the HS code."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

from pydantic import TypeAdapter

from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.customs.domain.dated import RULES, Dated

DAYS_KEPT = 8


class Goods(Dated):
    """One kind of thing; HS codes are of six digits, HS 2022."""

    id: str
    km: str
    en: str
    hs_code: str
    tags: frozenset[str]
    """What rules about forbidden goods go by."""


@cache
def every_edition() -> tuple[Goods, ...]:
    """Return all that the catalogue ever held or will hold, the earliest first; an id may come more than once."""
    goods = TypeAdapter(tuple[Goods, ...]).validate_json((RULES / "goods.json").read_bytes())
    return tuple(sorted(goods, key=lambda one: one.valid_from))


@lru_cache(DAYS_KEPT)
def catalogue(on: date) -> Mapping[str, Goods]:
    """Return what the catalogue holds on a day, by id; of two of an id the newer."""
    return MappingProxyType({one.id: one for one in every_edition() if one.holds(on)})


def find_goods(text: str, on: date, limit: int) -> list[Goods]:
    """Return things whose Khmer or English name holds a text, those that begin with it first."""
    wanted = _folded(text)
    found = [goods for goods in catalogue(on).values() if any(wanted in _folded(name) for name in (goods.km, goods.en))]
    return sorted(found, key=lambda goods: not _begins(goods, wanted))[:limit]


def _begins(goods: Goods, wanted: str) -> bool:
    return any(_folded(name).startswith(wanted) for name in (goods.km, goods.en))


def _folded(text: str) -> str:
    return folded(text).replace(" ", "")

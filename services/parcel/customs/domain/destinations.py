"""What a country demands of a declaration, and which goods may not go there.

Dated and, where a fact is not confirmed, provisional; `rules/destinations.json` and `rules/forbidden_goods.json`.
"""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from services.parcel.customs.domain.dated import RULES, Sourced
from services.parcel.customs.domain.words import holds_phrase, words_of

EVERYWHERE = "*"

Demand = Literal["advance_data", "hs_six_digits"]
Level = Literal["prohibited", "restricted"]
Need = Literal["licence", "certificate", "insurance"]


class DemandRule(Sourced):
    """Countries that demand something."""

    demand: Demand
    countries: frozenset[str]


class GoodsRule(Sourced):
    """Goods that may not go somewhere, or only with a paper or insured; without `needs` the clerk is warned."""

    id: str
    level: Level
    needs: Need | None = None
    countries: frozenset[str]
    tags: frozenset[str]
    words: tuple[str, ...]
    reason_km: str
    reason_en: str

    def concerns(self, country: str, on: date) -> bool:
        """Tell whether the rule holds for a destination on a day."""
        return self.holds(on) and bool({country, EVERYWHERE} & self.countries)

    def names(self, words: Sequence[str], tags: Collection[str]) -> bool:
        """Tell whether the rule is about goods of these words or tags."""
        return not self.tags.isdisjoint(tags) or any(holds_phrase(words, phrase) for phrase in _phrases(self.words))


@cache
def demand_rules() -> tuple[DemandRule, ...]:
    """Return what countries demand."""
    return TypeAdapter(tuple[DemandRule, ...]).validate_json((RULES / "destinations.json").read_bytes())


@cache
def goods_rules() -> tuple[GoodsRule, ...]:
    """Return what is forbidden anywhere."""
    return TypeAdapter(tuple[GoodsRule, ...]).validate_json((RULES / "forbidden_goods.json").read_bytes())


def demands(demand: Demand, country: str, on: date) -> bool:
    """Tell whether a destination demands something on a day."""
    return any(rule.demand == demand and country in rule.countries and rule.holds(on) for rule in demand_rules())


def rules_against(description: str, tags: Collection[str], country: str, on: date) -> list[GoodsRule]:
    """Return the rules that goods run into on their way to a country, prohibitions first."""
    words = words_of(description)
    met = [rule for rule in goods_rules() if rule.concerns(country, on) and rule.names(words, tags)]
    return sorted(met, key=lambda rule: rule.level)


@cache
def _phrases(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(words_of(phrase) for phrase in words)

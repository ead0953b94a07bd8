"""The parts of a bundle that stand in dated files: what is in force today or comes, each file's edition whole."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from services.parcel.customs.domain import currencies, descriptions, destinations, goods
from services.parcel.customs.domain.dated import Dated
from services.parcel.devices.domain.bundle import Content, Part
from services.parcel.posting.domain import postal_services
from services.parcel.pricing.domain import limits, tariff
from shared.editions import Edition

DAYS_KEPT = 4


@lru_cache(DAYS_KEPT)
def filed_on(day: date) -> Mapping[Part, Content]:
    """Return the parts that change with the day and the release alone."""
    return {
        Part.TARIFFS: Content.of(_editions(tariff.editions().by_version.values(), day)),
        Part.LIMITS: Content.of(_editions(limits.editions().by_version.values(), day)),
        Part.SERVICES: Content.of(_editions(postal_services.editions().by_version.values(), day)),
        Part.GOODS: Content.of(_facts(goods.every_edition(), day)),
        Part.RULES: Content.of(
            {
                "currencies": _facts(currencies.tables(), day),
                "demands": _facts(destinations.demand_rules(), day),
                "forbidden_goods": _facts(destinations.goods_rules(), day),
                "vague_words": _facts(descriptions.vague_words(), day),
            }
        ),
    }


def _editions(editions: Iterable[Edition], day: date) -> list[object]:
    return [one.model_dump(mode="json") for one in editions if one.valid_until is None or day <= one.valid_until]


def _facts(facts: Iterable[Dated], day: date) -> list[object]:
    coming = (one for one in facts if one.valid_until is None or day <= one.valid_until)
    return [_in_order(one.model_dump(mode="json")) for one in coming]


def _in_order(fact: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fact whose sets, which come in another order in each process, are sorted."""
    return {name: sorted(value) if _is_of_words(value) else value for name, value in fact.items()}


def _is_of_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)

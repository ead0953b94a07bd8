"""Limits and indicators of the services: both sides of every ceiling."""

from typing import get_args

import pytest

from services.parcel.posting.domain.postal_services import INDICATORS, LIMITS, indicator_for, limit_problems
from shared.contracts.parcel import Service
from shared.s10 import ItemNumber

SERVICES = get_args(Service)


@pytest.mark.parametrize("service", SERVICES)
def test_what_stands_at_a_ceiling_passes_and_what_is_above_does_not(service: Service) -> None:
    limits = LIMITS[service]
    longest, rest = limits.longest_side_mm, limits.sides_sum_mm - limits.longest_side_mm

    assert limit_problems(service, limits.weight_g, (longest, rest)) == []
    assert [p.code for p in limit_problems(service, limits.weight_g + 1, ())] == ["too-heavy"]
    assert [p.code for p in limit_problems(service, 1, (longest + 1,))] == ["too-long"]
    assert [p.code for p in limit_problems(service, 1, (longest, rest, 1))] == ["too-large"]


def test_every_problem_is_named_at_once() -> None:
    problems = limit_problems("small_packet", 2_001, (601, 600))

    assert [(p.field, p.code) for p in problems] == [
        ("weight_g", "too-heavy"),
        ("size_mm", "too-long"),
        ("size_mm", "too-large"),
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_every_indicator_makes_item_numbers(service: Service) -> None:
    for country in ("KH", "KR"):
        number = str(ItemNumber(indicator_for(service, country), 1, "KH"))
        assert str(ItemNumber.parse(number)) == number


def test_services_abroad_share_no_indicator_with_each_other_or_with_domestic_ones() -> None:
    letters = [*INDICATORS.values(), indicator_for("parcel", "KH")]

    assert len(set(letters)) == len(letters)

"""Tariffs as data: which one counts on a day, and what a file may say."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.parcel.pricing.domain.tariff import (
    NoTariffInForce,
    Oversize,
    Postage,
    Step,
    Tariff,
    TariffNotFound,
    Volumetric,
    editions,
    tariff_of,
    tariff_on,
)
from tests.parcel.pricing.asked import FIRST, SECOND

TARIFFS = list(editions().by_version.values())


@pytest.mark.parametrize(
    ("day", "version"),
    [(date(2026, 1, 1), FIRST), (date(2026, 6, 30), FIRST), (date(2026, 7, 1), SECOND), (date(2030, 1, 1), SECOND)],
)
def test_the_tariff_of_a_day_is_the_one_in_force(day: date, version: str) -> None:
    assert tariff_on(day).version == version


def test_a_day_without_a_tariff_is_refused() -> None:
    with pytest.raises(NoTariffInForce):
        tariff_on(date(2025, 12, 31))


def test_a_tariff_of_another_time_can_be_had_by_its_name() -> None:
    assert tariff_of(FIRST).valid_until == date(2026, 6, 30)
    with pytest.raises(TariffNotFound):
        tariff_of("2027-01")


@pytest.mark.parametrize("tariff", TARIFFS, ids=lambda tariff: tariff.version)
def test_what_is_made_up_says_so(tariff: Tariff) -> None:
    assert tariff.sample
    assert tariff.provisional
    assert "sample" in tariff.version


@pytest.mark.parametrize("tariff", TARIFFS, ids=lambda tariff: tariff.version)
def test_every_amount_of_a_tariff_can_be_paid_in_cash(tariff: Tariff) -> None:
    for offer in tariff.services.values():
        amounts = [step.riel for postage in offer.postage.values() for step in postage.steps]
        amounts += [option.riel for option in offer.options.values()]
        amounts += [offer.insurance.minimum_riel] if offer.insurance else []
        amounts += [offer.cod.minimum_riel, offer.cod.maximum_riel] if offer.cod else []
        assert [amount for amount in amounts if amount % tariff.money.nearest_riel] == []


def test_further_steps_follow_the_named_ones_to_the_last() -> None:
    postage = Postage.model_validate({"first": [[100, 500]], "further": {"each_g": 250, "riel": 30, "up_to_g": 700}})

    assert postage.steps == (Step(100, 500), Step(350, 530), Step(600, 560))


@pytest.mark.parametrize(("weight_g", "step"), [(1, 100), (100, 100), (101, 350), (350, 350), (351, None)])
def test_a_weight_falls_into_the_first_step_that_holds_it(weight_g: int, step: int | None) -> None:
    postage = Postage.model_validate({"first": [[100, 500], [350, 500]]})
    found = postage.step_of(weight_g)

    assert (found.up_to_g if found else None) == step


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"first": []}, id="no step"),
        pytest.param({"first": [[100, 500], [100, 600]]}, id="the same weight twice"),
        pytest.param({"first": [[100, 500], [200, 499]]}, id="a price that falls"),
        pytest.param(
            {"first": [[100, 500]], "further": {"each_g": 0, "riel": 1, "up_to_g": 900}}, id="steps of nothing"
        ),
        pytest.param({"first": [[100, 500]], "further": {"each_g": 9, "riel": -1, "up_to_g": 900}}, id="falling steps"),
    ],
)
def test_postage_that_does_not_rise_with_weight_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Postage.model_validate(raw)


def test_a_price_for_a_zone_that_is_not_there_is_refused() -> None:
    raw = tariff_of(SECOND).model_dump()
    raw["services"]["ems"]["postage"]["moon"] = raw["services"]["ems"]["postage"]["world"]

    with pytest.raises(ValidationError):
        Tariff.model_validate(raw)


def test_a_tariff_survives_being_shown_and_read_again() -> None:
    for tariff in TARIFFS:
        assert Tariff.model_validate_json(tariff.model_dump_json()) == tariff


@pytest.mark.parametrize(
    ("sides_mm", "weight_g"),
    [
        ((600, 400, 300), 12_000),
        ((300, 600, 400), 12_000),
        ((600, 400, 301), 12_040),
        ((601, 7, 1), 1),
        ((599, 599, 599), 0),
        ((600, 400), 0),
        ((), 0),
    ],
)
def test_volume_counts_for_items_with_a_long_side_alone(sides_mm: tuple[int, ...], weight_g: int) -> None:
    assert Volumetric(divisor=6_000, from_side_mm=600).weight_g(sides_mm) == weight_g


@pytest.mark.parametrize(
    ("sides_mm", "applies"),
    [
        ((1_050, 300, 175), False),
        ((1_051, 1, 1), True),
        ((1_000, 250, 250), False),
        ((250, 1_000, 251), True),
        ((1_050,), False),
        ((), False),
    ],
)
def test_an_item_is_oversize_above_either_measure(sides_mm: tuple[int, ...], applies: bool) -> None:
    assert Oversize(over_side_mm=1_050, over_length_and_girth_mm=2_000, riel=1).applies_to(sides_mm) is applies

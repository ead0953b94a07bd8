"""The letters that numbers begin with, and the dated files that say so."""

import json
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from services.parcel.posting.domain.postal_services import (
    FILES,
    Indicators,
    NoIndicatorsInForce,
    editions,
    indicator_for,
    indicators_on,
)
from services.parcel.pricing.domain.tariff import Option
from services.parcel.setup.use_cases.load_samples import sample_places
from shared.contracts.parcel import Service
from shared.s10 import ItemNumber

SERVICES = get_args(Service)
TODAY = date(2026, 11, 30)
FIRST_DAY = date(2026, 1, 1)


def edition(**values: Any) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((FILES / "2026-01-provisional.json").read_text())
    return stored | values


@pytest.mark.parametrize("service", SERVICES)
def test_every_indicator_makes_item_numbers(service: Service) -> None:
    for country in ("KH", "KR"):
        number = str(ItemNumber(indicator_for(service, country, (), TODAY), 1, "KH"))
        assert str(ItemNumber.parse(number)) == number


@pytest.mark.parametrize(
    ("service", "country", "options", "expected"),
    [
        ("parcel", "KH", [], "PD"),
        ("ems", "KR", [], "EE"),
        ("parcel", "KR", [], "CP"),
        ("small_packet", "KR", [], "LX"),
        ("small_packet", "KR", [Option.ADVICE_OF_RECEIPT], "LX"),
        ("small_packet", "KR", [Option.REGISTERED], "RR"),
        ("registered_letter", "KR", [], "RR"),
        ("small_packet", "KH", [Option.REGISTERED], "PD"),
    ],
)
def test_what_is_registered_has_the_letters_of_registered_items_abroad(
    service: Service, country: str, options: list[Option], expected: str
) -> None:
    assert indicator_for(service, country, options, TODAY) == expected


def test_what_the_post_has_not_confirmed_says_so_and_where_it_is_from() -> None:
    for one in editions().by_version.values():
        assert one.provisional
        assert "not confirmed" in one.source


def test_a_day_before_the_first_edition_has_no_indicators() -> None:
    assert indicators_on(FIRST_DAY).version == "2026-01-provisional"
    with pytest.raises(NoIndicatorsInForce):
        indicator_for("parcel", "KH", (), FIRST_DAY - timedelta(days=1))


def test_a_trial_set_up_has_a_range_for_every_indicator_in_force() -> None:
    indicators = indicators_on(TODAY)
    granted = {one.indicator for one in sample_places().number_ranges}
    assert {indicators.domestic, indicators.registered, *indicators.abroad.values()} <= granted


@pytest.mark.parametrize(
    "values",
    [
        {"domestic": "CP"},
        {"domestic": "ZP"},
        {"domestic": "JA"},
        {"domestic": "pd"},
        {"registered": "TR"},
        {"abroad": {"parcel": "CP", "ems": "EE", "small_packet": "LX"}},
        {"abroad": {"parcel": "CP", "ems": "EE", "small_packet": "CP", "registered_letter": "RR"}},
    ],
    ids=str,
)
def test_letters_that_cannot_tell_services_apart_or_carry_numbers_are_refused(values: dict[str, Any]) -> None:
    assert Indicators.model_validate(edition()).domestic == "PD"
    with pytest.raises(ValidationError):
        Indicators.model_validate(edition(**values))

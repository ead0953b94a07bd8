"""The letters that numbers begin with."""

from typing import get_args

import pytest

from services.parcel.posting.domain.postal_services import INDICATORS, indicator_for
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.parcel import Service
from shared.s10 import ItemNumber

SERVICES = get_args(Service)


@pytest.mark.parametrize("service", SERVICES)
def test_every_indicator_makes_item_numbers(service: Service) -> None:
    for country in ("KH", "KR"):
        number = str(ItemNumber(indicator_for(service, country), 1, "KH"))
        assert str(ItemNumber.parse(number)) == number


def test_services_abroad_share_no_indicator_with_each_other_or_with_domestic_ones() -> None:
    letters = [*INDICATORS.values(), indicator_for("parcel", "KH")]

    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize(
    ("service", "country", "options", "expected"),
    [
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
    assert indicator_for(service, country, options) == expected

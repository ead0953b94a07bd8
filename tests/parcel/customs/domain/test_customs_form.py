"""CN 22 up to 300 SDR for letter-post, CN 23 for the rest; both sides of the border in every currency."""

from datetime import date
from typing import get_args

import pytest

from services.parcel.customs.domain import currencies
from services.parcel.customs.domain.customs_form import CustomsForm, form_for
from shared.contracts.parcel import Service
from tests.parcel.customs.declarations import TODAY

LETTER_POST: list[Service] = ["small_packet", "registered_letter"]
BORDERS_MINOR = {
    "KHR": 1_650_000,
    "USD": 40_500,
    "EUR": 37_200,
    "GBP": 31_200,
    "AUD": 63_000,
    "CNY": 291_000,
    "JPY": 60_000,
    "KRW": 564_000,
    "SGD": 53_400,
    "THB": 1_380_000,
    "VND": 10_350_000,
}


@pytest.mark.parametrize("service", LETTER_POST)
@pytest.mark.parametrize(("currency", "border_minor"), BORDERS_MINOR.items())
def test_letter_post_carries_a_cn22_up_to_the_border(service: Service, currency: str, border_minor: int) -> None:
    known = currencies.accepted(TODAY)[currency]

    assert form_for(service, border_minor, known) == "CN22"
    assert form_for(service, border_minor + 1, known) == "CN23"


def test_every_currency_that_may_be_declared_has_a_border_here() -> None:
    assert set(currencies.accepted(TODAY)) == set(BORDERS_MINOR)


@pytest.mark.parametrize("service", sorted(set(get_args(Service)) - set(LETTER_POST)))
@pytest.mark.parametrize("value_minor", [0, 1, 40_500])
def test_parcels_and_ems_carry_a_cn23_whatever_they_are_worth(service: Service, value_minor: int) -> None:
    expected: CustomsForm = "CN23"
    assert form_for(service, value_minor, currencies.accepted(TODAY)["USD"]) == expected


def test_every_rate_is_marked_as_provisional_and_says_where_it_is_from() -> None:
    assert all(table.provisional and table.source for table in currencies.tables())
    assert currencies.accepted(date(2001, 1, 1))


@pytest.mark.parametrize(("code", "known"), [("KHR", True), ("USD", True), ("XYZ", False), ("usd", False)])
def test_codes_of_currencies_are_those_of_the_standard(code: str, known: bool) -> None:
    assert currencies.is_currency(code) is known

"""Every rounding: riel to what is paid in cash, dollars to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.pricing.domain.money import Amount, Currency, cents_up, nearest_riel


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0", 0),
        ("49", 0),
        ("49.999", 0),
        ("50", 100),
        ("51", 100),
        ("149", 100),
        ("150", 200),
        ("151", 200),
        ("250", 300),
        ("10049.99", 10_000),
    ],
)
def test_riel_are_rounded_to_the_nearest_hundred_and_half_of_it_upward(amount: str, rounded: int) -> None:
    assert nearest_riel(Decimal(amount), 100) == rounded


@pytest.mark.parametrize(("unit", "rounded"), [(1, 1_249), (50, 1_250), (500, 1_000), (1_000, 1_000)])
def test_the_unit_is_the_tariffs_to_choose(unit: int, rounded: int) -> None:
    assert nearest_riel(Decimal(1_249), unit) == rounded


@pytest.mark.parametrize(
    ("riel", "riel_per_usd", "cents"),
    [
        (0, 4_000, 0),
        (4_000, 4_000, 100),
        (4_001, 4_000, 101),
        (3_999, 4_000, 100),
        (40, 4_000, 1),
        (41, 4_000, 2),
        (100, 4_015, 3),
        (12_500, 4_100, 305),
    ],
)
def test_a_part_of_a_cent_is_a_cent(riel: int, riel_per_usd: int, cents: int) -> None:
    assert cents_up(riel, riel_per_usd) == cents


@given(st.integers(0, 10**9), st.integers(1_000, 10_000))
def test_the_dollars_pay_for_the_riel_and_no_whole_cent_more(riel: int, riel_per_usd: int) -> None:
    cents = cents_up(riel, riel_per_usd)

    assert cents * riel_per_usd >= riel * 100
    assert (cents - 1) * riel_per_usd < riel * 100


@pytest.mark.parametrize(
    ("amount_minor", "currency", "riel"),
    [(1, "KHR", 1), (52_000, "KHR", 52_000), (100, "USD", 4_015), (1, "USD", 40), (0, "USD", 0), (137, "USD", 5_500)],
)
def test_dollars_are_worth_whole_riel_a_part_of_one_downward(amount_minor: int, currency: Currency, riel: int) -> None:
    assert Amount(amount_minor, currency).in_riel(4_015) == riel

"""Amounts as people write them."""

import pytest

from services.parcel.drafts.domain.written_amounts import read_amount
from services.parcel.pricing.domain.money import Amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$12.5", Amount(1_250, "USD")),
        ("12.50 USD", Amount(1_250, "USD")),
        ("១២ ដុល្លារ", Amount(1_200, "USD")),
        ("52,000៛", Amount(52_000, "KHR")),
        ("52.000 រៀល", Amount(52_000, "KHR")),
        ("៥ម៉ឺនរៀល", Amount(50_000, "KHR")),
        ("5k riel", Amount(5_000, "KHR")),
        ("50000", Amount(50_000, "KHR")),
        ("12", None),
        ("0$", None),
        ("12.5៛", None),
        ("1.2.3$", None),
        ("99999999999$", None),
        ("twelve", None),
    ],
)
def test_an_amount_is_read_or_not_guessed(text: str, amount: Amount | None) -> None:
    assert read_amount(text) == amount


def test_a_number_that_stands_alone_takes_the_currency_of_its_column() -> None:
    assert read_amount("12", "USD") == Amount(1_200, "USD")
    assert read_amount("500", "KHR") == Amount(500, "KHR")
    assert read_amount("$12", "KHR") == Amount(1_200, "USD")

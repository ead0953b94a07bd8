"""Amounts of money as people write them: `$12.50`, `52,000៛`, `៥ម៉ឺនរៀល`, `50000`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.parcel.pricing.domain.money import Amount, Currency

MOST_MINOR = 1_000_000_000
LEAST_PLAIN_RIEL = 1_000
"""A number without a currency that is as large is of riel; a smaller one may be either and is not guessed."""
_CURRENCIES: dict[str, Currency] = {
    "$": "USD",
    "usd": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "ដុល្លារ": "USD",
    "ដុល្លា": "USD",
    "៛": "KHR",
    "khr": "KHR",
    "riels": "KHR",
    "riel": "KHR",
    "រៀល": "KHR",
}
_SCALES = {"ពាន់": 1_000, "ម៉ឺន": 10_000, "សែន": 100_000, "k": 1_000}
_DIGITS = {ord("០") + digit: str(digit) for digit in range(10)}
_GROUPED = re.compile(r"\d{1,3}(?:[,.]\d{3})+")
_NAMED = "|".join(map(re.escape, sorted(_CURRENCIES, key=len, reverse=True)))
AMOUNT = re.compile(
    rf"(?P<before>{_NAMED})?\s?(?<![\d.,])(?P<number>\d{{1,3}}(?:[,.]\d{{3}})+|\d+(?:\.\d{{1,2}})?)(?![\d.,]*\d)"
    rf"\s?(?P<scale>{'|'.join(_SCALES)})?(?:\s?(?P<after>{_NAMED}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """An amount in a text, and where it stands."""

    amount: Amount
    named: bool
    """The currency stands beside it."""
    span: tuple[int, int]


def plain_digits(text: str) -> str:
    """Return a text with Khmer digits and wide signs as ASCII, each in its place."""
    return text if text.isascii() else text.translate(_DIGITS)


def amounts_in(text: str) -> Iterator[Found]:
    """Yield the amounts that a text names, in their order; its digits are plain."""
    for match in AMOUNT.finditer(text):
        amount = _amount(match, _named(match))
        if amount is not None:
            yield Found(amount, _named(match) is not None, match.span())


def read_amount(text: str, otherwise: Currency | None = None) -> Amount | None:
    """Return the amount that a text is, None if it is none or could be of either currency.

    A number that stands alone is of the currency that holds otherwise.
    """
    match = AMOUNT.fullmatch(plain_digits(text).strip())
    return _amount(match, _named(match) or otherwise) if match else None


def _named(match: re.Match[str]) -> Currency | None:
    return _CURRENCIES.get((match["before"] or match["after"] or "").lower())


def _amount(match: re.Match[str], currency: Currency | None) -> Amount | None:
    number, scale = match["number"], _SCALES.get((match["scale"] or "").lower(), 1)
    is_grouped = _GROUPED.fullmatch(number)
    whole, _, part = (number.replace(",", "").replace(".", ""), "", "") if is_grouped else number.partition(".")
    hundredths = (int(whole) * 100 + int(part.ljust(2, "0"))) * scale
    if currency is None and hundredths >= 100 * LEAST_PLAIN_RIEL:
        currency = "KHR"
    if currency is None or (currency == "KHR" and hundredths % 100):
        return None
    minor = hundredths if currency == "USD" else hundredths // 100
    return Amount(minor, currency) if 0 < minor <= MOST_MINOR else None

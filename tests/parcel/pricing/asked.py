"""What is asked of this room, one line each; any field may be given."""

from datetime import UTC, date, datetime
from typing import Any

from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.domain.quote import LineCode, Price, Question, quote
from services.parcel.pricing.domain.tariff import Tariff, tariff_of
from services.parcel.pricing.domain.void_request import Asked, Paid
from shared.access.roles import Actor, Role
from tests.access.signed_in import office_entry
from tests.parcel.bodies import AWAY, HOME, THIRD

FIRST, SECOND = "2026-01-sample", "2026-07-sample"
ORIGIN, ELSEWHERE = "2108", THIRD
DESTINATIONS = {
    "same_district": "2108",
    "same_province": "2101",
    "near_province": "0501",
    "elsewhere": "1710",
    "asean": "TH",
    "asia_pacific": "KR",
    "europe": "FR",
    "world": "US",
}
"""A place in each zone, seen from the origin."""
OFFICES = {
    code: office_entry(code).model_copy(update={"district_code": district})
    for code, district in ((HOME, "2108"), (AWAY, "2108"), (ELSEWHERE, "2101"))
}
"""Two of one district, and one of another."""
NEAR, FAR = ("PP01A", "1202"), ("SR01A", "1710")
"""Offices and their districts."""
DAY = date(2026, 9, 1)
NOON = datetime(2026, 9, 1, 5, tzinfo=UTC)
NUMBER = "PD100000005KH"


def question(**values: Any) -> Question:
    """Return a parcel of a kilogram within a province."""
    filled: dict[str, Any] = {
        "service": "parcel",
        "origin_district": ORIGIN,
        "destination": DESTINATIONS["same_province"],
        "weight_g": 1_000,
    }
    return Question(**(filled | values))


def price(tariff: str | Tariff = SECOND, rate: ExchangeRate | None = None, **values: Any) -> Price:
    """Return what it costs."""
    return quote(question(**values), tariff_of(tariff) if isinstance(tariff, str) else tariff, rate, DAY)


def amount(asked: Price, code: LineCode) -> int | None:
    """Return the amount of one line, None if there is no such line."""
    amounts = {line.code: line.amount_riel for line in asked.lines}
    assert len(amounts) == len(asked.lines)
    return amounts.get(code)


def rate(riel_per_usd: int = 4_000, day: date = DAY) -> ExchangeRate:
    """Return a rate that a manager set."""
    return ExchangeRate(day, riel_per_usd, "manager", NOON)


def person(role: Role = Role.CLERK, office: str | None = HOME, name: str | None = None) -> Actor:
    """Return a person of a role and an office."""
    return Actor(name or f"{role}-{office}", role, office)


def paid(**values: Any) -> Paid:
    """Return a parcel for which 10,000 riel were paid at the home office."""
    filled: dict[str, Any] = {"item_number": NUMBER, "office": HOME, "amount_minor": 10_000, "currency": "KHR"}
    return Paid(**(filled | values))


def asked(**values: Any) -> Asked:
    """Return what a sender wants back."""
    filled: dict[str, Any] = {"kind": "refund", "amount_minor": 4_000, "reason": "Weighed wrongly."}
    return Asked(**(filled | values))

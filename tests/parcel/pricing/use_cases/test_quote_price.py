"""A quote takes the tariff, the limits and the rate of its day, and writes nothing."""

from datetime import date, timedelta

import pytest

from services.parcel.pricing.domain.tariff import NoTariffInForce, TariffNotFound
from services.parcel.pricing.store import exchange_rates
from services.parcel.pricing.use_cases.quote_price import quote_price
from shared.db.connection import Database
from shared.errors import Invalid
from tests.parcel.pricing.asked import DAY, FIRST, SECOND, question, rate


@pytest.mark.parametrize(
    ("day", "tariff_version", "used"),
    [
        (date(2026, 6, 30), None, FIRST),
        (date(2026, 7, 1), None, SECOND),
        (DAY, FIRST, FIRST),
        (date(2026, 1, 1), SECOND, SECOND),
    ],
)
async def test_the_tariff_is_the_one_of_the_day_or_the_one_named(
    parcel_db: Database, day: date, tariff_version: str | None, used: str
) -> None:
    async with parcel_db.connection() as tx:
        assert (await quote_price(tx, question(), day, tariff_version)).tariff_version == used


async def test_an_old_quote_is_the_same_a_year_later(parcel_db: Database) -> None:
    async with parcel_db.connection() as tx:
        await exchange_rates.put(tx, rate(4_000, date(2026, 6, 1)))
        then = await quote_price(tx, question(), date(2026, 6, 2))
        await exchange_rates.put(tx, rate(4_100, DAY))
        again = await quote_price(tx, question(), date(2026, 6, 2), then.tariff_version)

    assert again == then
    assert then.usd is not None
    assert (then.total_riel, then.usd.amount_cents) == (4_500, 113)


@pytest.mark.parametrize(("days", "stale"), [(0, False), (3, False), (4, True)])
async def test_the_rate_is_the_last_one_and_says_how_fresh_it_is(parcel_db: Database, days: int, stale: bool) -> None:
    async with parcel_db.connection() as tx:
        await exchange_rates.put(tx, rate(4_000))
        await exchange_rates.put(tx, rate(5_000, DAY + timedelta(days=30)))
        usd = (await quote_price(tx, question(), DAY + timedelta(days=days))).usd

    assert usd is not None
    assert (usd.amount_cents, usd.rate_day, usd.stale) == (125, DAY, stale)


async def test_limits_and_prices_refuse_together(parcel_db: Database) -> None:
    wanted = question(service="small_packet", weight_g=2_001, sides_mm=(601, 100, 100), cod_amount_riel=1)
    async with parcel_db.connection() as tx:
        with pytest.raises(Invalid) as refused:
            await quote_price(tx, wanted, DAY)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("weight_g", "too-heavy"),
        ("size_mm", "too-long"),
        ("weight_g", "above-tariff"),
        ("cod_amount_riel", "not-offered"),
    ]


async def test_limits_hold_where_the_tariff_has_a_price(parcel_db: Database) -> None:
    wanted = question(destination="BR", weight_g=20_001)
    async with parcel_db.connection() as tx:
        with pytest.raises(Invalid) as refused:
            await quote_price(tx, wanted, DAY)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("weight_g", "too-heavy")]


async def test_there_is_no_price_without_a_tariff(parcel_db: Database) -> None:
    async with parcel_db.connection() as tx:
        with pytest.raises(NoTariffInForce):
            await quote_price(tx, question(), date(2025, 12, 31))
        with pytest.raises(TariffNotFound):
            await quote_price(tx, question(), DAY, "2027-01")

"""Rates as the database keeps them: the last one not later than a day counts."""

from datetime import date

import pytest

from services.parcel.pricing.store import exchange_rates
from shared.db.connection import Database
from tests.parcel.pricing.asked import rate


@pytest.mark.parametrize(
    ("day", "riel_per_usd"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), 4_000),
        (date(2026, 9, 2), 4_000),
        (date(2026, 9, 4), 4_050),
        (date(2027, 9, 4), 4_050),
    ],
)
async def test_a_rate_is_in_force_until_the_next_one(parcel_db: Database, day: date, riel_per_usd: int | None) -> None:
    async with parcel_db.connection() as tx:
        await exchange_rates.put(tx, rate(4_050, date(2026, 9, 4)))
        await exchange_rates.put(tx, rate(4_000, date(2026, 9, 1)))
        found = await exchange_rates.in_force(tx, day)

    assert (found.riel_per_usd if found else None) == riel_per_usd


async def test_a_rate_comes_back_as_it_was_put(parcel_db: Database) -> None:
    async with parcel_db.connection() as tx:
        await exchange_rates.put(tx, rate(4_000))
        await exchange_rates.put(tx, rate(4_010))

        assert await exchange_rates.in_force(tx, rate().day) == rate(4_010)
        assert await tx.fetchval("select count(*) from exchange_rate") == 1

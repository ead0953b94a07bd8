"""Rates as the database keeps them: the last one not later than a day counts."""

import asyncio
from dataclasses import replace
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

        assert await exchange_rates.in_force(tx, rate().day) == replace(rate(4_010), version=2)
        assert await tx.fetchval("select count(*) from exchange_rate") == 1
        assert await exchange_rates.versions_of(tx, rate().day) == [replace(rate(4_010), version=2), rate(4_000)]


async def test_many_who_set_one_rate_at_once_each_leave_a_version(parcel_db: Database) -> None:
    async def put(riel_per_usd: int) -> int:
        async with parcel_db.transaction() as tx:
            return (await exchange_rates.put(tx, rate(riel_per_usd))).version

    versions = await asyncio.gather(*(put(4_000 + number) for number in range(5)))

    assert sorted(versions) == [1, 2, 3, 4, 5]
    async with parcel_db.connection() as connection:
        kept = await exchange_rates.versions_of(connection, rate().day)
    assert [one.version for one in kept] == [5, 4, 3, 2, 1]
    assert {one.riel_per_usd for one in kept} == {4_000 + number for number in range(5)}

"""Rates at hand: those of the last refresh, each from its day on."""

from datetime import timedelta

import pytest

from services.parcel.pricing.entrypoints.known_rates import KnownRates
from services.parcel.pricing.store import exchange_rates
from shared.clock import LOCAL, now
from shared.db.connection import Database
from tests.parcel.pricing.asked import rate

TODAY = now().astimezone(LOCAL).date()


async def put(database: Database, **riel_per_usd_by_days: int) -> None:
    async with database.transaction() as tx:
        for days, riel_per_usd in riel_per_usd_by_days.items():
            await exchange_rates.put(tx, rate(riel_per_usd, TODAY + timedelta(days=int(days))))


@pytest.mark.parametrize(
    ("after_days", "riel_per_usd"), [(0, 4_010), (1, 4_010), (2, 4_020), (4, 4_020), (5, 4_050), (500, 4_050)]
)
async def test_a_rate_holds_from_its_day_on(parcel_db: Database, after_days: int, riel_per_usd: int) -> None:
    await put(parcel_db, **{"-30": 3_900, "-1": 4_010, "2": 4_020, "5": 4_050})
    known = KnownRates()

    assert await known.refresh(parcel_db) is False

    found = known.on(TODAY + timedelta(days=after_days))
    assert found is not None
    assert found.riel_per_usd == riel_per_usd


async def test_nothing_is_known_until_a_rate_was_set_and_read(parcel_db: Database) -> None:
    known = KnownRates()
    await known.refresh(parcel_db)
    assert known.on(TODAY) is None

    await put(parcel_db, **{"0": 4_000})
    assert known.on(TODAY) is None

    await known.refresh(parcel_db)
    assert known.on(TODAY) == rate(4_000, TODAY)


async def test_a_rate_of_a_day_to_come_is_not_todays(parcel_db: Database) -> None:
    await put(parcel_db, **{"1": 4_000})
    known = KnownRates()
    await known.refresh(parcel_db)

    assert known.on(TODAY) is None
    assert known.on(TODAY + timedelta(days=1)) is not None

"""A rate is set for today or later, and read for any day after it."""

from datetime import UTC, date, datetime

import pytest

from services.parcel.pricing.domain.exchange_rate import DayIsOver, RateNotFound
from services.parcel.pricing.use_cases.find_rate import find_rate
from services.parcel.pricing.use_cases.set_rate import set_rate
from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.pricing.asked import person

LATE_EVENING = datetime(2026, 8, 31, 17, 30, tzinfo=UTC)
"""Half an hour into the first of September in Phnom Penh."""
ADMINISTRATOR = person(Role.ADMINISTRATOR)


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 9, 2)])
async def test_the_rate_of_today_or_a_day_to_come_is_set(parcel_db: Database, day: date) -> None:
    async with parcel_db.transaction() as tx:
        rate = await set_rate(tx, ADMINISTRATOR, day, 4_015, LATE_EVENING)

        assert await find_rate(tx, day) == rate
        assert (rate.set_by, rate.set_at) == (ADMINISTRATOR.id, LATE_EVENING)


async def test_the_rate_of_a_day_that_is_over_here_stays(parcel_db: Database) -> None:
    async with parcel_db.transaction() as tx:
        with pytest.raises(DayIsOver):
            await set_rate(tx, ADMINISTRATOR, date(2026, 8, 31), 4_015, LATE_EVENING)
        with pytest.raises(RateNotFound):
            await find_rate(tx, date(2026, 8, 31))


async def test_a_rate_set_again_the_same_day_counts(parcel_db: Database) -> None:
    async with parcel_db.transaction() as tx:
        for riel_per_usd in (4_015, 4_020):
            await set_rate(tx, ADMINISTRATOR, date(2026, 9, 1), riel_per_usd, LATE_EVENING)

        assert (await find_rate(tx, date(2026, 9, 1))).riel_per_usd == 4_020

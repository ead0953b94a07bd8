"""An office reserves numbers ahead of need up to a bound, whoever asks at the same moment."""

import asyncio
from datetime import UTC, datetime

import pytest

from services.parcel.numbers.domain.ahead import TooManyNumbersAhead
from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases.lease_numbers import lease_numbers
from services.parcel.numbers.use_cases.reserve_ahead import reserve_ahead
from services.parcel.numbers.use_cases.reserve_numbers import BLOCK_SIZE
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
MOST = 20


async def granted(database: Database) -> None:
    async with database.transaction() as tx:
        for indicator in ("PD", "CP"):
            await numbers.grant(tx, indicator, 10_000_000, 19_999_999, provisional=True)


async def reserve(database: Database, size: int, office: str = HOME, indicator: str = "PD") -> int:
    async with database.transaction() as tx:
        return (await reserve_ahead(tx, office, indicator, size, MOST, NOON)).left


async def unused(database: Database, office: str = HOME) -> int:
    async with database.connection() as connection:
        return await numbers.unused(connection, office, "PD")


async def test_numbers_are_reserved_up_to_the_bound_and_not_one_more(parcel_db: Database) -> None:
    await granted(parcel_db)

    assert await reserve(parcel_db, MOST - 1) == MOST - 1
    with pytest.raises(TooManyNumbersAhead):
        await reserve(parcel_db, 2)
    assert await reserve(parcel_db, 1) == 1
    with pytest.raises(TooManyNumbersAhead):
        await reserve(parcel_db, 1)

    assert await unused(parcel_db) == MOST


async def test_other_offices_and_letters_have_a_bound_of_their_own(parcel_db: Database) -> None:
    await granted(parcel_db)
    await reserve(parcel_db, MOST)

    assert await reserve(parcel_db, MOST, AWAY) == MOST
    assert await reserve(parcel_db, MOST, indicator="CP") == MOST


async def test_what_was_refused_takes_nothing_of_the_range(parcel_db: Database) -> None:
    await granted(parcel_db)
    with pytest.raises(TooManyNumbersAhead):
        await reserve(parcel_db, MOST + 1)

    async with parcel_db.connection() as connection:
        left = [one.left for one in await numbers.ranges(connection)]
    assert left == [10_000_000, 10_000_000]


async def test_numbers_that_are_used_make_room(parcel_db: Database) -> None:
    await granted(parcel_db)
    await reserve(parcel_db, MOST)
    async with parcel_db.transaction() as tx:
        await numbers.lease(tx, HOME, "PD", 5)

    assert await reserve(parcel_db, 5) == 5
    with pytest.raises(TooManyNumbersAhead):
        await reserve(parcel_db, 1)


async def test_of_those_who_reserve_at_the_same_moment_only_so_many_pass(parcel_db: Database) -> None:
    await granted(parcel_db)

    answers = await asyncio.gather(*(reserve(parcel_db, MOST // 2) for _ in range(4)), return_exceptions=True)

    assert sorted(map(str, answers)) == sorted([str(MOST // 2)] * 2 + [str(TooManyNumbersAhead(MOST))] * 2)
    assert await unused(parcel_db) == MOST


async def test_a_registration_gets_its_number_whatever_the_bound_is(parcel_db: Database) -> None:
    await granted(parcel_db)
    async with parcel_db.transaction() as tx:
        assert len(await lease_numbers(tx, HOME, "PD", 10, NOON)) == 10

    assert await unused(parcel_db) == BLOCK_SIZE - 10 > MOST

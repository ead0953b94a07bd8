"""An office has so many stickers that no parcel bears yet; those that parcels bear, and very old ones, do not count."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.parcel.numbers.domain.ahead import STICKERS_KEPT_FOR, TooManyStickersAhead
from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases.reserve_stickers import reserve_stickers
from services.parcel.posting.use_cases.count_registered import count_registered
from shared.db.connection import Database
from shared.s10 import ItemNumber
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.posting.stored_parcels import every_parcel, store

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
MOST = 20


async def granted(database: Database) -> None:
    async with database.transaction() as tx:
        for indicator in ("PD", "CP"):
            await numbers.grant(tx, indicator, 10_000_000, 19_999_999, provisional=True)


async def reserve(
    database: Database, size: int, office: str = HOME, indicator: str = "PD", at: datetime = NOON
) -> numbers.Block:
    async with database.transaction() as tx:
        return await reserve_stickers(tx, office, indicator, size, MOST, count_registered, at)


async def stick(database: Database, *serials: int) -> None:
    """Register parcels with these numbers."""
    plain = every_parcel()[0]
    await store(database, [replace(plain, item_number=str(ItemNumber("PD", serial, "KH"))) for serial in serials])


async def test_stickers_are_reserved_up_to_the_bound_and_not_one_more(parcel_db: Database) -> None:
    await granted(parcel_db)

    await reserve(parcel_db, MOST - 1)
    with pytest.raises(TooManyStickersAhead):
        await reserve(parcel_db, 2)
    await reserve(parcel_db, 1)
    with pytest.raises(TooManyStickersAhead):
        await reserve(parcel_db, 1)


async def test_stickers_that_parcels_bear_make_room_and_other_parcels_do_not(parcel_db: Database) -> None:
    await granted(parcel_db)
    block = await reserve(parcel_db, MOST)
    await stick(parcel_db, block.first_serial, block.first_serial + 5, block.last_serial, block.last_serial + 1_000)

    await reserve(parcel_db, 3)
    with pytest.raises(TooManyStickersAhead):
        await reserve(parcel_db, 1)


async def test_stickers_of_another_office_or_of_other_letters_count_for_those(parcel_db: Database) -> None:
    await granted(parcel_db)
    await reserve(parcel_db, MOST)

    await reserve(parcel_db, MOST, AWAY)
    await reserve(parcel_db, MOST, indicator="CP")


async def test_stickers_of_more_than_a_year_ago_count_no_more(parcel_db: Database) -> None:
    await granted(parcel_db)
    await reserve(parcel_db, MOST)

    with pytest.raises(TooManyStickersAhead):
        await reserve(parcel_db, 1, at=NOON + STICKERS_KEPT_FOR)
    await reserve(parcel_db, 1, at=NOON + STICKERS_KEPT_FOR + timedelta(seconds=1))


async def test_numbers_of_blocks_are_no_stickers(parcel_db: Database) -> None:
    await granted(parcel_db)
    async with parcel_db.transaction() as tx:
        await numbers.reserve(tx, HOME, "PD", 10_000, NOON)

    await reserve(parcel_db, MOST)


async def test_of_those_who_reserve_at_the_same_moment_only_so_many_pass(parcel_db: Database) -> None:
    await granted(parcel_db)

    asked = (reserve(parcel_db, MOST // 2) for _ in range(4))
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(isinstance(answer, numbers.Block) for answer in answers) == 2
    assert sum(isinstance(answer, TooManyStickersAhead) for answer in answers) == 2

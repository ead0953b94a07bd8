"""Ranges that the post grants: none overlaps another, and they are used up one after the other."""

import asyncio
from datetime import UTC, datetime

import pytest

from services.parcel.numbers.domain.ranges import RangeOverlaps
from services.parcel.numbers.store import numbers
from services.parcel.numbers.store.numbers import Range
from services.parcel.numbers.use_cases.grant_range import grant_range
from services.parcel.numbers.use_cases.has_range import has_range
from services.parcel.numbers.use_cases.lease_numbers import lease_numbers
from services.parcel.numbers.use_cases.reserve_numbers import NumbersExhausted, reserve_numbers
from shared.db.connection import Database
from shared.errors import Invalid
from tests.parcel.pricing.waiting import until_somebody_waits

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


async def grant(
    database: Database, first: int, last: int, indicator: str = "PE", *, provisional: bool = False
) -> Range:
    async with database.transaction() as tx:
        return await grant_range(tx, indicator, first, last, provisional=provisional)


async def ranges(database: Database) -> list[tuple[str, int, int, bool]]:
    async with database.connection() as tx:
        return [(o.indicator, o.first_serial, o.last_serial, o.provisional) for o in await numbers.ranges(tx)]


@pytest.mark.parametrize(
    ("first", "last"),
    [(100, 198), (101, 199), (0, 100), (199, 300), (150, 150), (0, 99_999_999), (100, 200)],
)
async def test_a_range_that_shares_a_serial_with_another_is_refused(parcel_db: Database, first: int, last: int) -> None:
    await grant(parcel_db, 100, 199, provisional=True)
    with pytest.raises(RangeOverlaps):
        await grant(parcel_db, first, last)
    assert await ranges(parcel_db) == [("PE", 100, 199, True)]


async def test_ranges_may_touch_and_those_of_other_letters_hold_the_same_serials(parcel_db: Database) -> None:
    await grant(parcel_db, 100, 199)
    await grant(parcel_db, 0, 99)
    await grant(parcel_db, 200, 200)
    await grant(parcel_db, 100, 199, "PF")

    assert await ranges(parcel_db) == [
        ("PE", 100, 199, False),
        ("PE", 0, 99, False),
        ("PE", 200, 200, False),
        ("PF", 100, 199, False),
    ]


async def test_a_provisional_range_is_confirmed_and_what_was_cut_from_it_stays_cut(parcel_db: Database) -> None:
    await grant(parcel_db, 100, 199, provisional=True)
    async with parcel_db.transaction() as tx:
        await reserve_numbers(tx, "TK01A", "PE", NOON, 10)

    confirmed = await grant(parcel_db, 100, 199)

    assert confirmed == Range("PE", 100, 199, 110, provisional=False) == await grant(parcel_db, 100, 199)


async def test_the_next_range_is_cut_when_the_one_granted_before_it_is_used_up(parcel_db: Database) -> None:
    await grant(parcel_db, 500, 502)
    await grant(parcel_db, 100, 101)
    async with parcel_db.transaction() as tx:
        blocks = [await reserve_numbers(tx, "TK01A", "PE", NOON, 2) for _ in range(3)]
        with pytest.raises(NumbersExhausted):
            await reserve_numbers(tx, "TK01A", "PE", NOON, 2)

    assert [(one.first_serial, one.last_serial) for one in blocks] == [(500, 501), (502, 502), (100, 101)]


async def test_two_offices_that_reserve_at_once_get_serials_of_both_ranges(parcel_db: Database) -> None:
    await grant(parcel_db, 500, 501)
    await grant(parcel_db, 100, 101)

    async def reserve(office: str) -> int:
        async with parcel_db.transaction() as tx:
            return (await reserve_numbers(tx, office, "PE", NOON, 2)).first_serial

    async with parcel_db.transaction() as tx:
        first = (await reserve_numbers(tx, "TK01A", "PE", NOON, 2)).first_serial
        waiting = asyncio.create_task(reserve("TK02A"))
        await until_somebody_waits(parcel_db)
    assert (first, await waiting) == (500, 100)


async def test_a_range_that_was_used_up_is_not_granted_again(parcel_db: Database) -> None:
    await grant(parcel_db, 100, 101)
    async with parcel_db.transaction() as tx:
        assert list(await lease_numbers(tx, "TK01A", "PE", 9, NOON)) == [100, 101]

    await grant(parcel_db, 100, 101)
    with pytest.raises(RangeOverlaps):
        await grant(parcel_db, 100, 199)
    async with parcel_db.transaction() as tx:
        with pytest.raises(NumbersExhausted):
            await lease_numbers(tx, "TK01A", "PE", 1, NOON)


async def test_two_grants_at_once_see_each_other(parcel_db: Database) -> None:
    async with parcel_db.transaction() as tx:
        await grant_range(tx, "PE", 100, 199, provisional=False)
        second = asyncio.create_task(grant(parcel_db, 150, 250))
        await until_somebody_waits(parcel_db)
    with pytest.raises(RangeOverlaps):
        await second
    assert await ranges(parcel_db) == [("PE", 100, 199, False)]


@pytest.mark.parametrize(
    ("indicator", "first", "last", "fields"),
    [
        ("ZP", 0, 9, ["indicator"]),
        ("JA", 0, 9, ["indicator"]),
        ("PE", 9, 8, ["last_serial"]),
        ("ZP", 9, 8, ["indicator", "last_serial"]),
    ],
)
async def test_what_no_range_can_be_is_refused_by_field(
    parcel_db: Database, indicator: str, first: int, last: int, fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        await grant(parcel_db, first, last, indicator)
    assert [problem.field for problem in refused.value.problems] == fields


async def test_an_indicator_has_a_range_once_one_is_granted(parcel_db: Database) -> None:
    await grant(parcel_db, 0, 9)
    async with parcel_db.connection() as tx:
        assert (await has_range(tx, "PE"), await has_range(tx, "PF")) == (True, False)

"""Short numbers: no two open drafts of an office share one, and they stay short."""

import asyncio

import pytest

from services.parcel.drafts.domain.short_number import FIRST_SERIAL
from services.parcel.drafts.store import draft_numbers
from services.parcel.drafts.use_cases.take_numbers import take_numbers
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME

LAST = 9_999
FILL = """
    insert into draft (draft_id, office, serial, source, announced, announced_sha256, announced_by, announced_at,
        expires_at)
    select gen_random_uuid(), $1, serial, 'api', '{}', '', 'tests', now(), now()
    from generate_series($2::int, $3) serial
"""


async def take(database: Database, count: int, office: str = HOME) -> list[int]:
    async with database.transaction() as tx:
        return await take_numbers(tx, office, count)


async def fill(database: Database, first: int, last: int) -> None:
    async with database.transaction() as tx:
        await tx.execute(FILL, HOME, first, last)


async def go_on(database: Database, serial: int) -> None:
    async with database.transaction() as tx:
        await draft_numbers.lock(tx, HOME)
        await draft_numbers.go_on(tx, HOME, serial)


async def test_numbers_go_on_from_the_last_one_for_each_office(parcel_db: Database) -> None:
    assert await take(parcel_db, 3) == [FIRST_SERIAL, FIRST_SERIAL + 1, FIRST_SERIAL + 2]
    assert await take(parcel_db, 1) == [FIRST_SERIAL + 3]
    assert await take(parcel_db, 1, AWAY) == [FIRST_SERIAL]


async def test_a_number_of_an_open_draft_is_passed_over(parcel_db: Database) -> None:
    await fill(parcel_db, FIRST_SERIAL + 1, FIRST_SERIAL + 10)

    assert await take(parcel_db, 2) == [FIRST_SERIAL, FIRST_SERIAL + 11]


async def test_at_the_end_of_a_length_they_begin_again(parcel_db: Database) -> None:
    await go_on(parcel_db, LAST)

    assert await take(parcel_db, 1) == [LAST]
    assert await take(parcel_db, 1) == [FIRST_SERIAL]


async def test_where_half_are_taken_they_get_a_digit_more(parcel_db: Database) -> None:
    await fill(parcel_db, FIRST_SERIAL, LAST - 10)
    await go_on(parcel_db, LAST)

    assert await take(parcel_db, 3) == [LAST, LAST + 1, LAST + 2]


async def test_more_than_a_length_holds_are_found_at_once(parcel_db: Database) -> None:
    found = await take(parcel_db, LAST)

    assert len(set(found)) == LAST
    assert found[0] == FIRST_SERIAL


@pytest.mark.parametrize("at_once", [6])
async def test_those_who_come_at_once_get_numbers_of_their_own(parcel_db: Database, at_once: int) -> None:
    found = await asyncio.gather(*(take(parcel_db, 5) for _ in range(at_once)))

    assert len({serial for serials in found for serial in serials}) == 5 * at_once

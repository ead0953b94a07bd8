"""Item numbers at hand: given out once, whoever asks and whatever fails."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
import pytest

from services.parcel.numbers.entrypoints.item_numbers import LARGEST_PORTION, SMALLEST_PORTION, ItemNumbers
from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases import lease_numbers as leasing
from services.parcel.numbers.use_cases.reserve_numbers import NumbersExhausted, reserve_numbers
from shared.db.connection import Database, Tx
from shared.errors import PostError
from tests.parcel.bodies import AWAY, HOME


async def grant(database: Database, count: int) -> None:
    async with database.transaction() as tx:
        await numbers.grant(tx, "PD", 10_000_000, 10_000_000 + count - 1, provisional=True)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an office reserve 150 numbers at a time, so that a test sees blocks end."""

    monkeypatch.setattr(leasing, "reserve_numbers", partial(reserve_numbers, size=150))


async def test_several_processes_give_no_serial_twice(parcel_db: Database, small_blocks: None) -> None:
    await grant(parcel_db, 5_000)
    processes = [ItemNumbers(parcel_db) for _ in range(4)]

    taken = await asyncio.gather(
        *(process.take(office, "PD") for _ in range(100) for process in processes for office in (HOME, AWAY))
    )

    assert len(taken) == len(set(taken)) == 800


async def test_an_office_goes_on_with_its_next_block(parcel_db: Database, small_blocks: None) -> None:
    await grant(parcel_db, 300)
    process = ItemNumbers(parcel_db)

    taken = [(await process.take(HOME, "PD")).serial for _ in range(300)]

    assert taken == list(range(10_000_000, 10_000_300))


async def test_a_range_used_up_is_a_clear_refusal_and_uses_every_number(
    parcel_db: Database, small_blocks: None
) -> None:
    await grant(parcel_db, 170)
    process = ItemNumbers(parcel_db)
    taken = [await process.take(HOME, "PD") for _ in range(170)]

    with pytest.raises(NumbersExhausted, match="PD is used up"):
        await process.take(HOME, "PD")

    assert len(set(taken)) == 170


async def test_the_blocks_of_two_offices_are_disjoint(parcel_db: Database, small_blocks: None) -> None:
    await grant(parcel_db, 1_000)
    process = ItemNumbers(parcel_db)

    await asyncio.gather(*(process.take(office, "PD") for office in (HOME, AWAY) for _ in range(200)))

    async with parcel_db.connection() as connection:
        blocks = await connection.fetch("select office, first_serial, last_serial from number_block order by 2")
    assert {block["office"] for block in blocks} == {HOME, AWAY}
    for before, after in itertools.pairwise(blocks):
        assert before["last_serial"] < after["first_serial"]


async def test_a_lease_that_did_not_commit_gives_no_numbers(parcel_db: Database) -> None:
    await grant(parcel_db, 1_000)
    unlucky = ItemNumbers(KilledAtCommit(parcel_db._pool))

    with pytest.raises((asyncpg.PostgresError, PostError, OSError)):
        await unlucky.take(HOME, "PD")

    lucky = ItemNumbers(parcel_db)
    taken = {await lucky.take(HOME, "PD") for _ in range(LARGEST_PORTION)}
    more = {await unlucky.take(HOME, "PD") for _ in range(LARGEST_PORTION)}
    assert not taken & more


async def test_what_was_not_given_out_goes_back_when_a_process_stops(parcel_db: Database) -> None:
    await grant(parcel_db, 1_000)
    stopping = ItemNumbers(parcel_db)
    taken = [(await stopping.take(HOME, "PD")).serial for _ in range(13)]
    await stopping.give_back()

    following = ItemNumbers(parcel_db)
    assert (await following.take(HOME, "PD")).serial == max(taken) + 1


async def test_what_another_leased_behind_it_stays_a_gap(parcel_db: Database) -> None:
    await grant(parcel_db, 1_000)
    stopping, staying = ItemNumbers(parcel_db), ItemNumbers(parcel_db)
    first = (await stopping.take(HOME, "PD")).serial
    second = (await staying.take(HOME, "PD")).serial
    await stopping.give_back()

    following = [(await ItemNumbers(parcel_db).take(HOME, "PD")).serial for _ in range(3)]
    assert len({first, second, *following}) == 5
    assert min(following) > second


class KilledAtCommit(Database):
    """A database whose first transaction loses its connection just before it commits."""

    lives = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        async with super().transaction() as tx:
            yield tx
            if not self.lives:
                self.lives = True
                own = await tx.fetchval("select pg_backend_pid()")
                async with self.connection() as other:
                    await other.execute("select pg_terminate_backend($1, 2000)", own)


async def test_numbers_are_not_given_out_before_their_lease_is_committed(parcel_db: Database) -> None:
    await grant(parcel_db, 1_000)
    held = HeldAtCommit(parcel_db._pool)
    process = ItemNumbers(held)

    first = asyncio.create_task(process.take(HOME, "PD"))
    await asyncio.wait_for(held.reached.wait(), 5)
    second = asyncio.create_task(process.take(HOME, "PD"))
    for _ in range(5):
        await asyncio.sleep(0)
    too_early = second.done()
    held.go_on.set()

    assert (await first) != (await second)
    assert not too_early


class HeldAtCommit(Database):
    """A database whose transactions wait before they commit."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__(pool)
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        async with super().transaction() as tx:
            yield tx
            self.reached.set()
            await self.go_on.wait()


async def test_more_are_leased_before_the_last_one_is_taken(parcel_db: Database) -> None:
    await grant(parcel_db, 1_000)
    held = HeldAtCommit(parcel_db._pool)
    held.go_on.set()
    process = ItemNumbers(held)
    first = (await process.take(HOME, "PD")).serial
    held.reached.clear()
    held.go_on.clear()

    rest = [(await process.take(HOME, "PD")).serial for _ in range(SMALLEST_PORTION - 1)]

    assert rest == list(range(first + 1, first + SMALLEST_PORTION))
    await asyncio.wait_for(held.reached.wait(), 5)
    held.go_on.set()
    assert (await process.take(HOME, "PD")).serial == first + SMALLEST_PORTION


async def test_numbers_of_another_process_are_not_given_back(parcel_db: Database) -> None:
    await grant(parcel_db, 1_000)
    stopping, staying = ItemNumbers(parcel_db), ItemNumbers(parcel_db)
    taken = [(await stopping.take(HOME, "PD")).serial for _ in range(2)]
    others = [(await staying.take(HOME, "PD")).serial for _ in range(3)]
    taken += [(await stopping.take(HOME, "PD")).serial for _ in range(6)]
    await stopping.give_back()

    following = [(await ItemNumbers(parcel_db).take(HOME, "PD")).serial for _ in range(30)]
    others += [(await staying.take(HOME, "PD")).serial for _ in range(7)]
    assert len({*taken, *others, *following}) == 8 + 10 + 30

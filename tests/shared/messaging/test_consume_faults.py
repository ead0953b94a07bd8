"""Faults of the moment are waited out: nothing is parked for them, nothing is lost, nothing is applied twice."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from onebox.postgres.databases import ServiceDatabase
from shared.db.connection import Database, Tx
from shared.messaging import consume
from shared.messaging.measures import Measures
from tests.shared.messaging.consuming import consumer_of, letters
from tests.shared.messaging.notes import Note, effects, figure, record, write_down
from tests.support.waiting import beside, until_true

OF_THE_MOMENT = {
    "deadlock": "40P01",
    "serialization failure": "40001",
    "out of memory": "53200",
    "disk full": "53100",
    "lock not available": "55P03",
    "shutting down": "57P01",
    "cannot connect now": "57P03",
    "input or output error": "58030",
    "read only": "25006",
}


class Held:
    """Stops in the middle of a batch the first time, until the test has done its harm."""

    def __init__(self) -> None:
        self.inside = asyncio.Event()
        self.go_on = asyncio.Event()
        self.calls = 0

    async def __call__(self, tx: Tx, notes: Sequence[Note]) -> None:
        self.calls += 1
        await write_down(tx, notes)
        if self.calls == 1:
            self.inside.set()
            await self.go_on.wait()
            await tx.fetchval("select 1")


async def test_a_batch_survives_the_loss_of_every_connection(
    database: Database, measures: Measures, admin: asyncpg.Connection, lent: ServiceDatabase
) -> None:
    handler = Held()
    consumer = consumer_of(database, measures, {Note: handler})
    async with beside(consumer.apply([record(Note(item="A", number=n), n) for n in range(1, 21)])) as applying:
        await asyncio.wait_for(handler.inside.wait(), 5)
        killed = await admin.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1 and usename = $2",
            lent.name,
            lent.service,
        )
        handler.go_on.set()
        await asyncio.wait_for(applying, 15)
    assert killed >= 1
    assert await effects(database) == [("A", number) for number in range(1, 21)]
    assert await figure(database, "select count(*) from inbox") == 20
    assert await letters(database) == []
    assert measures.registry.get_sample_value("ctcpost_batch_retries_total") == 1


async def test_a_batch_that_is_taken_apart_survives_the_loss_of_its_connection(
    database: Database, measures: Measures, admin: asyncpg.Connection
) -> None:
    killed: list[int] = []

    async def kill_once(tx: Tx, notes: Sequence[Note]) -> None:
        await write_down(tx, notes)
        if len(notes) == 1 and notes[0].item == "B" and not killed:
            killed.append(await tx.fetchval("select pg_backend_pid()"))
            await admin.execute("select pg_terminate_backend($1)", killed[0])
            await tx.fetchval("select 1")

    notes = [Note(item="A", number=1), Note(item="bad", number=-1), Note(item="B", number=2), Note(item="C", number=3)]
    await consumer_of(database, measures, {Note: kill_once}).apply([record(n, o) for o, n in enumerate(notes)])
    assert killed
    assert await effects(database) == [("A", 1), ("B", 2), ("C", 3)]
    assert [dead.letter.key for dead in await letters(database)] == ["bad"]


@pytest.mark.parametrize("code", OF_THE_MOMENT.values(), ids=OF_THE_MOMENT)
async def test_a_fault_of_the_moment_parks_nothing(database: Database, measures: Measures, code: str) -> None:
    calls = 0

    async def fail_once(tx: Tx, notes: Sequence[Note]) -> None:
        nonlocal calls
        calls += 1
        await write_down(tx, notes)
        if calls == 1:
            await tx.execute(f"do $$ begin raise exception 'no' using errcode = '{code}'; end $$")

    await consumer_of(database, measures, {Note: fail_once}).apply([record(Note(item="A", number=1))])
    assert calls == 2
    assert await effects(database) == [("A", 1)]
    assert await letters(database) == []


async def test_a_migration_under_a_running_consumer_parks_nothing(
    database: Database, measures: Measures, owner: asyncpg.Connection
) -> None:
    async def read_and_write(tx: Tx, notes: Sequence[Note]) -> None:
        await tx.fetch("select * from effect")
        await write_down(tx, notes)

    consumer = consumer_of(database, measures, {Note: read_and_write})
    await consumer.apply([record(Note(item="A", number=1))])
    await owner.execute("alter table effect add column later text")
    await consumer.apply([record(Note(item="A", number=2))])
    assert await effects(database) == [("A", 1), ("A", 2)]
    assert await letters(database) == []


async def test_a_consumer_that_may_not_write_at_all_waits_and_does_not_spin(
    database: Database, measures: Measures, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consume, "PATIENCE_S", 1.0)
    await owner.execute("alter table dead_letter rename to away")
    broken = record(Note(item="A", number=-1))
    consumer = consumer_of(database, measures)
    with pytest.raises(TimeoutError):
        await consumer.apply([broken])
    assert 1 <= (measures.registry.get_sample_value("ctcpost_batch_retries_total") or 0) < 12
    await owner.execute("alter table away rename to dead_letter")
    await consumer.apply([broken])
    assert len(await letters(database)) == 1


async def test_two_members_that_got_the_same_records_apply_them_once(database: Database, measures: Measures) -> None:
    handler = Held()
    first = consumer_of(database, measures, {Note: handler})
    second = consumer_of(database, Measures(type(measures.registry)()))
    records = [record(Note(item="A", number=number), number) for number in range(1, 51)]
    async with beside(first.apply(records)) as one:
        await asyncio.wait_for(handler.inside.wait(), 5)
        async with beside(second.apply(list(reversed(records)))) as other:
            waits = (
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
            async with asyncio.timeout(5):
                while not await figure(database, waits):
                    await asyncio.sleep(0.01)
            handler.go_on.set()
            await asyncio.wait_for(asyncio.gather(one, other), 15)
    assert sorted(await effects(database)) == [("A", number) for number in range(1, 51)]
    assert await letters(database) == []


async def test_a_consumer_that_is_stopped_in_the_middle_leaves_nothing_behind(
    database: Database, measures: Measures
) -> None:
    handler = Held()
    note = record(Note(item="A", number=1))
    async with beside(consumer_of(database, measures, {Note: handler}).apply([note])) as applying:
        await asyncio.wait_for(handler.inside.wait(), 5)
        applying.cancel()
        await until_true(applying.done)
    assert await effects(database) == []
    assert await figure(database, "select count(*) from inbox") == 0
    await consumer_of(database, measures).apply([note])
    assert await effects(database) == [("A", 1)]

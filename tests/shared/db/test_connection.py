"""The pool: what a lost, refused or read-only connection looks like to those who use it."""

import asyncio

import asyncpg
import pytest

from onebox.postgres.databases import ServiceDatabase
from shared.db import connection as module
from shared.db.connection import TRANSIENT, Database, DatabaseLost, DatabaseUnavailable
from shared.errors import Unavailable
from tests.support.waiting import until

COUNT = "select count(*) from effect"
WRITE = "insert into effect (event_id, item, number) values (gen_random_uuid(), 'A', 1)"


async def count(owner: asyncpg.Connection) -> int:
    return int(await owner.fetchval(COUNT))


async def kill_all(admin: asyncpg.Connection, lent: ServiceDatabase) -> int:
    of_service = "from pg_stat_activity where datname = $1 and usename = $2"
    killed = await admin.fetchval(f"select count(pg_terminate_backend(pid)) {of_service}", lent.name, lent.service)

    async def gone() -> bool:
        return not await admin.fetchval(f"select count(*) {of_service}", lent.name, lent.service)

    await until(gone)
    return int(killed)


async def test_a_transaction_commits_at_the_end_and_is_undone_by_an_error(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.transaction() as tx:
        await tx.execute(WRITE)
        assert await count(owner) == 0
    assert await count(owner) == 1

    async def fail() -> None:
        async with database.transaction() as tx:
            await tx.execute(WRITE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(owner) == 1


async def test_a_connection_killed_while_a_statement_waits_is_a_fault_of_the_moment(
    database: Database, admin: asyncpg.Connection, owner: asyncpg.Connection, lent: ServiceDatabase
) -> None:
    async def wait_for_ever() -> None:
        async with database.transaction() as tx:
            await tx.execute(WRITE)
            await tx.execute("select pg_sleep(60)")

    sleeping = asyncio.create_task(wait_for_ever())

    async def asleep() -> bool:
        wait = "select count(*) from pg_stat_activity where datname = $1 and wait_event = 'PgSleep'"
        return bool(await admin.fetchval(wait, lent.name))

    await until(asleep)
    assert await kill_all(admin, lent) == 1
    with pytest.raises((*TRANSIENT, Unavailable)):
        await sleeping
    assert await count(owner) == 0


@pytest.mark.parametrize("nested", [False, True])
async def test_a_connection_killed_between_statements_is_said_to_be_lost(
    database: Database, admin: asyncpg.Connection, lent: ServiceDatabase, *, nested: bool
) -> None:
    async def write_and_be_killed() -> None:
        async with database.transaction() as tx:
            await tx.execute(WRITE)
            await kill_all(admin, lent)
            if nested:
                async with tx.transaction():
                    await tx.execute(WRITE)
            await tx.execute(WRITE)

    with pytest.raises(DatabaseLost):
        await write_and_be_killed()


async def test_a_connection_on_which_the_driver_lost_its_place_is_dropped(database: Database) -> None:
    async def lose_place() -> None:
        async with database.transaction():
            raise asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")

    with pytest.raises(DatabaseLost):
        await lose_place()
    assert database._pool.get_size() == 0


@pytest.mark.parametrize(
    ("raised", "seen"),
    [(ZeroDivisionError(), ZeroDivisionError), (asyncpg.InterfaceError("another operation"), DatabaseLost)],
)
async def test_a_connection_with_an_operation_left_behind_is_dropped_and_hides_nothing(
    database: Database, raised: Exception, seen: type[Exception]
) -> None:
    left: list[asyncio.Task[str]] = []

    async def leave_one_behind() -> None:
        async with database.connection() as connection:
            await connection.execute("begin")
            left.append(asyncio.create_task(connection.execute("select pg_sleep(60)")))
            await asyncio.sleep(0.05)
            raise raised

    with pytest.raises(seen):
        await leave_one_behind()
    with pytest.raises((*TRANSIENT, asyncpg.InterfaceError)):
        await left[0]
    assert database._pool.get_size() == 0


async def test_a_connection_killed_at_any_moment_is_whole_or_unavailable(
    database: Database, admin: asyncpg.Connection
) -> None:
    async def answer() -> int:
        try:
            async with database.transaction() as tx:
                return int(await tx.fetchval("select pg_backend_pid()"))
        except (*TRANSIENT, Unavailable):
            return 0

    for _ in range(40):
        await admin.execute("select pg_terminate_backend($1) where $1 <> 0", await answer())
    assert [await answer() for _ in range(6)][-1]


async def test_the_pool_recovers_after_every_connection_was_killed(
    database: Database, admin: asyncpg.Connection, owner: asyncpg.Connection, lent: ServiceDatabase
) -> None:
    async def written() -> bool:
        try:
            async with database.transaction() as tx:
                await tx.execute(WRITE)
                await tx.execute("select pg_sleep(0.01)")
        except (*TRANSIENT, Unavailable):
            return False
        return True

    assert all(await asyncio.gather(*(written() for _ in range(5))))
    assert await kill_all(admin, lent) >= 2
    await asyncio.gather(*(until(written) for _ in range(5)))
    assert await count(owner) == 10


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = await Database.open("postgresql://u:p@127.0.0.1:1/none", pool_size=1, application="tests")
    with pytest.raises(DatabaseUnavailable):
        async with database.connection():
            pass
    await database.close()


async def test_a_database_that_lets_nobody_in_is_unavailable(lent: ServiceDatabase) -> None:
    wrong = lent.service_url.replace(lent.service, f"{lent.service}_typo")
    database = await Database.open(wrong, pool_size=1, application="tests")
    with pytest.raises(DatabaseUnavailable):
        async with database.connection():
            pass
    await database.close()


async def test_a_pool_without_a_free_connection_says_so_in_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent = [database.connection() for _ in range(5)]
    for one in lent:
        await one.__aenter__()
    monkeypatch.setattr(module, "ACQUIRE_WITHIN_S", 0.05)
    with pytest.raises(DatabaseUnavailable):
        async with database.connection():
            pass
    for one in lent:
        await one.__aexit__(None, None, None)
    monkeypatch.undo()
    async with database.connection() as tx:
        assert await tx.fetchval("select 1") == 1


async def test_a_closed_pool_is_unavailable(database: Database) -> None:
    await database.close()
    with pytest.raises(DatabaseUnavailable):
        async with database.connection():
            pass


async def test_closing_cuts_what_does_not_end(database: Database) -> None:
    async def wait_for_ever() -> None:
        async with database.connection() as tx:
            await tx.execute("select pg_sleep(60)")

    sleeping = asyncio.create_task(wait_for_ever())

    async def lent_out() -> bool:
        return database._pool.get_size() > database._pool.get_idle_size()

    await until(lent_out)
    await database.close(within_s=0.1)
    with pytest.raises((*TRANSIENT, Unavailable)):
        await sleeping


async def test_a_connection_to_a_server_that_became_a_standby_is_dropped(
    database: Database, owner: asyncpg.Connection, admin: asyncpg.Connection, lent: ServiceDatabase
) -> None:
    async def write() -> None:
        async with database.transaction() as tx:
            await tx.execute(WRITE)

    await admin.execute(f"alter role {lent.service} set default_transaction_read_only = on")
    try:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError) as refused:
            await write()
    finally:
        await admin.execute(f"alter role {lent.service} reset default_transaction_read_only")
    assert isinstance(refused.value, TRANSIENT)
    assert database._pool.get_size() == 0
    await write()
    assert await count(owner) == 1


async def test_every_connection_leaves_a_server_that_takes_no_writes_although_none_was_tried(
    database: Database,
) -> None:
    async with database.connection() as one, database.connection() as other:
        pids = {await lent.fetchval("select pg_backend_pid()") for lent in (one, other)}
        await one.execute("set default_transaction_read_only = on")
    async with database.connection() as one, database.connection() as other:
        assert pids.isdisjoint({await lent.fetchval("select pg_backend_pid()") for lent in (one, other)})


async def test_a_misuse_of_the_driver_is_a_defect_and_not_a_fault_of_the_moment(database: Database) -> None:
    with pytest.raises(asyncpg.InterfaceError) as misused:
        async with database.transaction() as tx:
            await tx.fetchval("select $1::integer", 1, 2)
    assert not isinstance(misused.value, (*TRANSIENT, Unavailable))


async def test_json_goes_in_and_comes_out_as_values(database: Database) -> None:
    value = {"name": "ភូមិ", "list": [1, 2.5, None, True]}
    async with database.connection() as tx:
        assert await tx.fetchval("select $1::jsonb", value) == value
        assert await tx.fetchval("select $1::jsonb ->> 'name'", value) == "ភូមិ"


async def test_every_connection_has_its_limits(database: Database) -> None:
    async with database.connection() as tx:
        for setting, value in module.SERVER_SETTINGS.items():
            assert (await tx.fetchval("select current_setting($1)", setting)).lower() == value.lower()


async def test_a_transaction_that_stands_still_lets_go_of_what_it_locked(
    lent: ServiceDatabase, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module.SERVER_SETTINGS, "idle_in_transaction_session_timeout", "300ms")
    await owner.execute(WRITE)
    database = await Database.open(lent.service_url, pool_size=1, application="tests")

    async def stand_still() -> None:
        async with database.transaction() as tx:
            await tx.fetchval("select number from effect for update")
            await owner.execute("set lock_timeout = '5s'; update effect set number = 2")
            await tx.execute(WRITE)

    with pytest.raises(DatabaseLost):
        await stand_still()
    assert await count(owner) == 1
    await database.close()

"""Migrations: each once, in order, whoever else is migrating; never half, never backwards."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from onebox.postgres.databases import ServiceDatabase
from shared.db import migrate as module
from shared.db.migrate import MigrationError, migrate, missing
from tests.support.waiting import beside, until

NAMES = "select name from schema_migration order by applied_at, name"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0901_first.sql").write_text("create table first (id int primary key);\ninsert into first values (1);")
    (tmp_path / "0902_second.sql").write_text("insert into first values (2);")
    (tmp_path / "notes.txt").write_text("not a migration")
    return tmp_path


@pytest.fixture
async def empty(owner: asyncpg.Connection) -> asyncpg.Connection:
    """A database that no migration has touched."""
    await owner.execute("drop table schema_migration")
    return owner


async def test_missing_files_are_applied_once_in_the_order_of_their_names(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    assert await missing(empty, [folder]) == ["0901_first.sql", "0902_second.sql"]
    assert await migrate(lent.owner_url, [folder]) == ["0901_first.sql", "0902_second.sql"]
    assert await missing(empty, [folder]) == []
    assert await migrate(lent.owner_url, [folder]) == []
    assert [row["id"] for row in await empty.fetch("select id from first order by id")] == [1, 2]


async def test_the_names_of_several_folders_sort_into_one_order(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "0900_before.sql").write_text("create table before ()")
    assert await migrate(lent.owner_url, [folder, other]) == ["0900_before.sql", "0901_first.sql", "0902_second.sql"]


async def test_two_starts_at_once_apply_everything_once(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    applied = await asyncio.gather(*(migrate(lent.owner_url, [folder]) for _ in range(4)))
    assert sorted(name for names in applied for name in names) == ["0901_first.sql", "0902_second.sql"]
    assert await empty.fetchval("select count(*) from first") == 2


async def test_a_start_waits_for_another_that_is_still_migrating(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    await empty.execute("select pg_advisory_lock($1)", module.LOCK)
    async with beside(migrate(lent.owner_url, [folder])) as waiting:

        async def connected() -> bool:
            others = "select exists (select from pg_stat_activity where datname = $1 and pid <> pg_backend_pid())"
            return bool(await empty.fetchval(others, lent.name))

        await until(connected)
        assert await empty.fetchval("select to_regclass('first')") is None
        await empty.execute("select pg_advisory_unlock($1)", module.LOCK)
        await asyncio.wait_for(waiting, 10)
    assert await empty.fetchval("select count(*) from first") == 2


async def test_a_lock_that_is_never_given_up_ends_the_wait(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_WITHIN_S", 0.2)
    await empty.execute("select pg_advisory_lock($1)", module.LOCK)
    with pytest.raises(TimeoutError):
        await migrate(lent.owner_url, [folder])


async def test_an_edited_file_is_refused_before_anything_is_applied(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    await migrate(lent.owner_url, [folder])
    (folder / "0902_second.sql").write_text("insert into first values (3);")
    (folder / "0900_before.sql").write_text("create table before ()")
    (folder / "0903_third.sql").write_text("insert into first values (4);")
    with pytest.raises(MigrationError, match=r"0902_second\.sql was edited"):
        await migrate(lent.owner_url, [folder])
    assert await empty.fetchval("select count(*) from first") == 2
    assert await empty.fetchval("select to_regclass('before')") is None


async def test_a_database_ahead_of_the_code_is_refused(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    await migrate(lent.owner_url, [folder])
    (folder / "0902_second.sql").unlink()
    with pytest.raises(MigrationError, match=r"ahead of this code: it holds 0902_second\.sql"):
        await migrate(lent.owner_url, [folder])


async def test_code_that_is_older_than_the_schema_may_still_serve(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    await migrate(lent.owner_url, [folder])
    (folder / "0902_second.sql").unlink()
    assert await missing(empty, [folder]) == []


async def test_a_file_that_fails_leaves_no_half_of_it(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    (folder / "0902_second.sql").write_text("insert into first values (2);\nselect 1/0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(lent.owner_url, [folder])
    assert await empty.fetchval("select count(*) from first") == 1
    assert await missing(empty, [folder]) == ["0902_second.sql"]


async def test_a_file_gives_up_when_a_table_stays_in_use(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    await migrate(lent.owner_url, [folder])
    (folder / "0903_third.sql").write_text("alter table first add column more text;")
    async with empty.transaction():
        await empty.execute("insert into first values (9)")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await migrate(lent.owner_url, [folder])
    assert await migrate(lent.owner_url, [folder]) == ["0903_third.sql"]


async def test_the_lock_is_free_again_after_a_failure(
    empty: asyncpg.Connection, lent: ServiceDatabase, folder: Path
) -> None:
    (folder / "0901_first.sql").write_text("nonsense")
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await migrate(lent.owner_url, [folder])

    async def free() -> bool:
        return bool(await empty.fetchval("select pg_try_advisory_lock($1)", module.LOCK))

    await until(free)

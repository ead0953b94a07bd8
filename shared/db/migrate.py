"""Numbered plain SQL files, applied once each, forward only, under a lock.

Waits by trying the lock again: a blocking advisory lock would deadlock with `create index concurrently`.
"""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from shared.db.connection import Tx

LOCK = 4_201_033
LOCK_WITHIN_S = 60.0
_NAME = re.compile(r"\d{4}_\w+\.sql")


class MigrationError(Exception):
    """The database and the migration files do not fit together; the text says how."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name, its SQL and the digest that shows a later edit."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Return the digest of the SQL."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read(folders: Sequence[Path]) -> list[Migration]:
    """Read the migrations of several folders; names are unique and sort into the order of use."""
    files = [path for folder in folders for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return [Migration(path.name, path.read_text()) for path in sorted(files, key=lambda path: path.name)]


async def migrate(owner_url: str, folders: Sequence[Path]) -> list[str]:
    """Apply what is missing, as the owner role; returns the names applied now.

    Raises: MigrationError, where an applied file was edited or the database knows more files than the code.
    """
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        await _lock(connection)
        return await _apply(connection, read(folders))
    finally:
        await connection.close()


async def missing(connection: Tx, folders: Sequence[Path]) -> list[str]:
    """Return the names of the files that the database has not seen; empty means the schema fits."""
    if await connection.fetchval("select to_regclass('schema_migration')") is None:
        return [migration.name for migration in read(folders)]
    known = {row["name"] for row in await connection.fetch("select name from schema_migration")}
    return [migration.name for migration in read(folders) if migration.name not in known]


async def _lock(connection: asyncpg.Connection) -> None:
    async with asyncio.timeout(LOCK_WITHIN_S):
        while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            await asyncio.sleep(0.1)


async def _apply(connection: asyncpg.Connection, migrations: Sequence[Migration]) -> list[str]:
    await connection.execute(
        "create table if not exists schema_migration"
        " (name text primary key, sha256 text not null, applied_at timestamptz not null default now())"
    )
    applied = {
        row["name"]: row["sha256"] for row in await connection.fetch("select name, sha256 from schema_migration")
    }
    ahead = applied.keys() - {migration.name for migration in migrations}
    if ahead:
        raise MigrationError(f"The database is ahead of this code: it holds {', '.join(sorted(ahead))}.")
    edited = [
        migration.name for migration in migrations if applied.get(migration.name, migration.sha256) != migration.sha256
    ]
    if edited:
        raise MigrationError(f"{', '.join(edited)} was edited after it was applied; write a new file instead.")
    new = [migration for migration in migrations if migration.name not in applied]
    for migration in new:
        await _run(connection, migration)
    return [migration.name for migration in new]


async def _run(connection: asyncpg.Connection, migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute("set local lock_timeout = '2s'")
        await connection.execute(migration.sql)
        await connection.execute(
            "insert into schema_migration (name, sha256) values ($1, $2)", migration.name, migration.sha256
        )

"""How long tables that are in use are locked against those who write, as one look after another sees it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import asyncpg

LOOK_EVERY_S = 0.005
STRONG = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"]
"""Those that keep somebody from writing."""


@dataclass(slots=True)
class LockWatch:
    """The longest time between two looks, without one between them that saw it free, that a table was locked."""

    held_s: dict[str, float] = field(default_factory=dict)
    """By table."""

    @property
    def longest_s(self) -> float:
        """Return the longest of all."""
        return max(self.held_s.values(), default=0.0)

    async def look_for_ever(self, connection: asyncpg.Connection, tables: list[int]) -> None:
        """Look at these tables, by their ids, again and again."""
        since: dict[tuple[int, str], float] = {}
        while True:
            rows = await connection.fetch(
                """
                select pid, relation::regclass::text as name from pg_locks
                where locktype = 'relation' and granted and mode = any($1::text[]) and relation = any($2::oid[])
                    and database = (select oid from pg_database where datname = current_database())
                """,
                STRONG,
                tables,
            )
            now = time.monotonic()
            since = {(row["pid"], row["name"]): since.get((row["pid"], row["name"]), now) for row in rows}
            for (_, name), began_at in since.items():
                self.held_s[name] = max(self.held_s.get(name, 0.0), now - began_at)
            await asyncio.sleep(LOOK_EVERY_S)


@asynccontextmanager
async def watching_locks(url: str) -> AsyncIterator[LockWatch]:
    """Watch the tables that there are now while the block lasts."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        rows = await connection.fetch(
            "select c.oid from pg_class c join pg_namespace n on n.oid = relnamespace"
            " where relkind in ('r', 'p') and nspname = 'public'"
        )
        watch = LockWatch()
        looking = asyncio.create_task(watch.look_for_ever(connection, [row["oid"] for row in rows]))
        try:
            yield watch
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
    finally:
        connection.terminate()

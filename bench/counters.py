"""What work costs a PostgreSQL, by its own counters, which neither the machine nor other load changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True, slots=True)
class Cost:
    """Statements of a role, commits, and bytes of the log."""

    statements: float
    commits: float
    wal_bytes: float

    def each(self, times: int) -> "Cost":
        """Return the cost of one of so many."""
        return Cost(self.statements / times, self.commits / times, self.wal_bytes / times)


async def cost_of(work: Callable[[], Awaitable[None]], admin_url: str, role: str) -> Cost:
    """Return what some work of a role costs a server on which nobody else works."""
    connection = await asyncpg.connect(admin_url)
    try:
        # It would commit and write meanwhile, the more the slower the work is.
        await connection.execute("alter system set autovacuum = off")
        await connection.execute("select pg_reload_conf()")
        for extension in ("pg_stat_statements", "pg_walinspect"):
            await connection.execute(f"create extension if not exists {extension}")
        await connection.execute("checkpoint")
        await connection.execute("select pg_stat_statements_reset()")
        begin = await connection.fetchval("select pg_current_wal_insert_lsn()")
        await work()
        return await _counted(connection, begin, role)
    finally:
        await connection.execute("alter system reset autovacuum")
        await connection.execute("select pg_reload_conf()")
        await connection.close()


async def _counted(connection: asyncpg.Connection, begin: str, role: str) -> Cost:
    statements = await connection.fetchval(
        "select sum(calls) from pg_stat_statements join pg_roles on oid = userid where rolname = $1", role
    )
    end = await connection.fetchval("select pg_current_wal_flush_lsn()")
    wal_bytes = await connection.fetchval("select $1::pg_lsn - $2::pg_lsn", end, begin)
    commits = await connection.fetchval(
        """
        select count(*) from pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn)
        where resource_manager = 'Transaction' and record_type = 'COMMIT'
        """,
        begin,
        end,
    )
    return Cost(int(statements), commits, int(wal_bytes))

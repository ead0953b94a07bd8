"""Waits until two transactions meet, so that a test of a race has one outcome."""

import asyncio

from shared.db.connection import Database


async def until_somebody_waits(database: Database) -> None:
    """Return when a transaction of this database waits for another."""
    waits = """
        select exists (
            select from pg_stat_activity
            where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0
        )
    """
    async with database.connection() as connection, asyncio.timeout(5):
        while not await connection.fetchval(waits):
            await asyncio.sleep(0.01)

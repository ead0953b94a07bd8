"""A relay that is kept from sending while its service works on: the harness leads in its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from shared.messaging.relay import LOCK

HELD_WITHIN_S = 10.0
HOLDER = """
select pg_terminate_backend(pid) from pg_locks
where locktype = 'advisory' and objid = $1 and granted and pid <> pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())
"""


@asynccontextmanager
async def held_relay(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Lead in a service's database for a block; yields a connection to that database."""
    waiting, working = await asyncpg.connect(url, timeout=5), await asyncpg.connect(url, timeout=5)
    try:
        lock = asyncio.create_task(waiting.execute("select pg_advisory_lock($1)", LOCK))
        async with asyncio.timeout(HELD_WITHIN_S):
            while not lock.done():
                # Whoever leads now loses its connection, and we are the next in the queue.
                await working.execute(HOLDER, LOCK)
                await asyncio.wait([lock], timeout=0.1)
        await lock
        yield working
    finally:
        with suppress(Exception):
            await working.close()
        waiting.terminate()

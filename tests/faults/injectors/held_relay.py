"""A relay that is kept from sending while its service works on: the harness leads in its place."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg

from shared.messaging.relay import LOCK
from tests.support.waiting import until

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


async def next_unsent(connection: asyncpg.Connection, count: int) -> Sequence[asyncpg.Record]:
    """Wait for so many events that are written from now on, none of them sent; relays must be held."""
    # What the relay had read before it lost its lead may be on its way as it was.
    last_id = await connection.fetchval("select coalesce(max(id), 0) from outbox")
    waiting = f"select count(*) >= {count} from outbox where id > $1"
    await until(lambda: connection.fetchval(waiting, last_id))
    rows: Sequence[asyncpg.Record] = await connection.fetch(
        """
        select id, event_id, topic, type, key, payload from outbox where id > $1 order by id limit $2
        """,
        last_id,
        count,
    )
    return rows

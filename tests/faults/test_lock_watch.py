import asyncio

import asyncpg
import pytest

from tests.faults.lock_watch import watching_locks
from tests.support import databases
from tests.support.addresses import Addresses

HELD_S = 0.3


async def seen_locked_s(url: str, statement: str) -> float:
    """Do as a migration might and hold on to it; returns how long the watch saw a table locked."""
    other = await asyncpg.connect(url)
    try:
        async with watching_locks(url) as watch, other.transaction():
            await other.execute(statement)
            await asyncio.sleep(HELD_S)
    finally:
        await other.close()
    return watch.longest_s


@pytest.mark.parametrize(
    ("statement", "at_least_s"),
    [
        ("alter table scan add column another text", HELD_S / 2),
        ("create index another on scan (office)", HELD_S / 2),
        ("lock table scan in row exclusive mode", 0.0),
        ("create table another (id bigint primary key)", 0.0),
    ],
)
async def test_a_table_that_nobody_can_write_to_is_seen(servers: Addresses, statement: str, at_least_s: float) -> None:
    async with databases.fresh(servers, "tracking") as lent:
        seen_s = await seen_locked_s(lent.owner_url, statement)
    assert seen_s >= at_least_s
    assert at_least_s or not seen_s

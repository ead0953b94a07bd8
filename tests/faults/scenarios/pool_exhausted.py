"""F23: every connection of tracking's pool waits for one table: who finds none free is told to come again."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from onebox.simulator.history import Kind
from shared.db.connection import ACQUIRE_WITHIN_S, DatabaseUnavailable
from tests.faults.deeds import Clerk
from tests.faults.recovery import answered_again, caught_up, shown_again
from tests.faults.recovery_bounds import FED
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.faults.scenarios.starved import judge_answers
from tests.faults.scenarios.tracking_gone import OF_TRACKING
from tests.support.waiting import beside

POOL_SIZE = 3
CLERKS = 16
"""More by far than connections."""
HELD_S = ACQUIRE_WITHIN_S + 2.0
"""Longer than anybody waits for a connection, and shorter than a statement waits for a lock."""
TABLE = "scan"


async def exhaust_the_pool(run: Run) -> None:
    """Hold the table that every scan and every look needs; registrations, of another service, go on."""
    seen = len(run.history.calls)
    run.traffic.keep_busy(CLERKS)
    for _ in range(run.rounds):
        async with (
            run.window("the pool of tracking exhausted", cut=OF_TRACKING, floor=20, outage=True),
            beside(_register_for_ever(run)),
            _held(run),
        ):
            await asyncio.sleep(HELD_S)
        until = time.monotonic() + FED.here
        for kind in (Kind.READ_JOURNEY, Kind.SCAN):
            await answered_again(run, kind, until - time.monotonic(), "the pool of tracking was exhausted")
        for is_well in (shown_again, caught_up):
            await is_well(run, until - time.monotonic(), "the pool of tracking was exhausted")
    calls = run.history.calls[seen:]
    judge_answers(run, calls)
    sent_away = sum(call.reason == DatabaseUnavailable.slug for call in calls)
    run.must(sent_away, "F23 nobody was sent away for want of a connection")


async def _register_for_ever(run: Run) -> None:
    clerk = Clerk(run)
    while True:
        await clerk.register()


@asynccontextmanager
async def _held(run: Run) -> AsyncIterator[None]:
    connection = await asyncpg.connect(run.office.stack.databases["tracking"].owner, timeout=5)
    try:
        async with connection.transaction():
            await connection.execute(f"lock table {TABLE} in access exclusive mode")
            yield
    finally:
        await connection.close()


SCENARIOS = [
    Scenario(
        "F23",
        "a pool of connections exhausted",
        exhaust_the_pool,
        environment={"TRACKING_DATABASE_POOL_SIZE": str(POOL_SIZE)},
    )
]

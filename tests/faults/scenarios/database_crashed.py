"""F8: PostgreSQL is restarted fast, is stopped at once, its sessions are ended, one of its processes is killed."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from onebox import server_process
from onebox.postgres.server import PostgresServer
from onebox.simulator.history import Kind
from tests.faults.recovery import answered_again, shown_again
from tests.faults.recovery_bounds import TAKEN_IN
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import until, until_true

BACK_WITHIN_S = TAKEN_IN.here
SHOWN_WITHIN_S = 15.0
STOPPED_WITHIN_S = 20.0
SERVICES_SESSIONS = "from pg_stat_activity where backend_type = 'client backend' and usename like '%\\_service'"


async def crash(run: Run) -> None:
    """Do each of the four, and wait each time until intake is back."""
    postgres = run.office.servers.postgres
    for _ in range(run.rounds):
        async with run.window("PostgreSQL restarted fast", floor=0, outage=True):
            # SIGINT: sessions are ended, transactions rolled back, everything is written down.
            await postgres.stop()
            await postgres.start()
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "PostgreSQL was restarted fast")
        async with run.window("PostgreSQL stopped at once", floor=0, outage=True):
            await _stop_at_once(postgres)
            await postgres.start()
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "PostgreSQL was stopped at once")
        async with run.window("every session ended", floor=0, outage=True), _admin(postgres) as admin:
            ended = await admin.fetch(f"select pg_terminate_backend(pid) as ended {SERVICES_SESSIONS}")
            run.must(any(row["ended"] for row in ended), "F8 there was no session to end")
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "every session was ended")
        async with run.window("a process of PostgreSQL killed", floor=0, outage=True):
            await _kill_one_process(run, postgres)
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "a process of PostgreSQL was killed")
        run.kills += 2
    await shown_again(run, SHOWN_WITHIN_S, "PostgreSQL came back")


async def _stop_at_once(postgres: PostgresServer) -> None:
    assert postgres.process is not None
    postgres.process.process.send_signal(signal.SIGQUIT)
    await server_process.ended(postgres.process)
    await postgres.stop()


async def _kill_one_process(run: Run, postgres: PostgresServer) -> None:
    async with _admin(postgres) as admin:
        pids = [row["pid"] for row in await admin.fetch(f"select pid {SERVICES_SESSIONS}")]
        os.kill(run.chance.choice(pids), signal.SIGKILL)
        # PostgreSQL ends every other session and recovers by itself.
        await until_true(admin.is_closed, STOPPED_WITHIN_S)
    await until(lambda: accepts(postgres), STOPPED_WITHIN_S)


async def accepts(postgres: PostgresServer) -> bool:
    """Tell whether PostgreSQL takes connections."""
    try:
        async with _admin(postgres):
            return True
    except (OSError, asyncpg.PostgresError):
        return False


@asynccontextmanager
async def _admin(postgres: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres.admin_url, timeout=5.0)
    try:
        yield connection
    finally:
        connection.terminate()


SCENARIOS = [Scenario("F8", "PostgreSQL crashed", crash)]

"""F17: the disk of PostgreSQL's write-ahead log alone is full, or the disk that the services write their logs to."""

import asyncio
import mmap
import re
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from onebox import ports
from onebox.configuration import SERVICES
from onebox.postgres.program import find
from onebox.postgres.server import PostgresServer
from onebox.simulator.history import Kind
from tests.faults.injectors import small_disk
from tests.faults.injectors.small_disk import SmallDisk
from tests.faults.own_servers import OwnServers
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, caught_up, shown_again
from tests.faults.recovery_bounds import HAD_ROOM
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario
from tests.faults.scenarios.database_crashed import accepts
from tests.faults.scenarios.disk_full import (
    BACK_WITHIN_S,
    FULL_S,
    NO_ROOM,
    SHOWN_WITHIN_S,
    SMALL_LOG,
    OnSmallDisk,
    disk_of,
)

WAL_MB, LOGS_MB = 128, 16
WRITTEN_BYTES = 4_000_000
MOST_WRITES = 64
"""More than all segments together that PostgreSQL may have at hand."""
SLACK_BYTES = len(SERVICES) * mmap.PAGESIZE
"""What the last page of each log still takes on a disk that has no page to give."""
UP_WITHIN_S = 30.0
GAVE_UP = re.compile(rf"PANIC: .*pg_wal.*{NO_ROOM}")
"""What PostgreSQL writes as it ends every session, for it cannot write ahead."""


@asynccontextmanager
async def _write_ahead_log_on_small_disk(folder: Path, shared: OwnServers) -> AsyncIterator[OwnServers]:
    with small_disk.small_disk(folder / "disk", WAL_MB) as disk:
        chosen = ports.choose(folder / "ports.json", ["postgres"])
        program = find(folder / "postgres", lambda _text: None)
        postgres = PostgresServer(program, folder / "postgres", chosen["postgres"], folder / "secrets", SMALL_LOG)
        # Made in one place first, as an operator moves it who gives the log a disk of its own.
        await postgres.start()
        await postgres.stop()
        _move_write_ahead_log(postgres, disk.folder / "pg_wal")
        await postgres.start()
        try:
            yield OnSmallDisk(folder, shared.kafka, postgres, disk=disk)
        finally:
            await postgres.stop()


async def fill_write_ahead_log(run: Run) -> None:
    """Fill the disk of the log, and write until PostgreSQL gives up: what cannot be kept is refused."""
    disk, postgres = disk_of(run), run.office.servers.postgres
    for _ in range(run.rounds):
        async with run.window("the disk of the write-ahead log full", floor=0, outage=True):
            already_told = len(_log(postgres))
            await _write_until_refused(postgres, disk)
            await asyncio.sleep(FULL_S)
            told = _log(postgres)[already_told:]
            run.must(gave_up_for_want_of_room(told), "F17 PostgreSQL does not say that its log had no room")
            run.must(disk.is_full(), "F17 the disk of the write-ahead log had room")
            disk.free()
            until = time.monotonic() + HAD_ROOM.here
            run.bytes_by_hand += MOST_WRITES * WRITTEN_BYTES
            run.kills += await _up_again(postgres)
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "the write-ahead log had room again")
        for is_well in (shown_again, caught_up):
            await is_well(run, until - time.monotonic(), "the write-ahead log had room again")


@asynccontextmanager
async def _logs_on_small_disk(office: PostOffice) -> AsyncIterator[Play]:
    """Have every service write its log to a disk of its own."""
    with small_disk.small_disk(office.stack.folder / "logs", LOGS_MB) as disk:
        logs = [office.stack.log_of(service) for service in SERVICES]
        for log in logs:
            log.symlink_to(disk.folder / log.name)
        try:
            yield lambda run: _fill_logs(run, disk)
        finally:
            # Whoever looks into a violation reads them when the disk is gone.
            for log in logs:
                log.unlink()
                shutil.copyfile(disk.folder / log.name, log)


async def _fill_logs(run: Run, disk: SmallDisk) -> None:
    """Fill the disk of the logs: everybody is served as before, and lines are written again when there is room."""
    for _ in range(run.rounds):
        async with run.window("the disk of the logs full"):
            disk.fill()
            before = _logged_bytes(run)
            await asyncio.sleep(FULL_S)
            run.must(_logged_bytes(run) - before <= SLACK_BYTES, "F17 the disk of the logs had room")
            await shown_again(run, SHOWN_WITHIN_S, "the disk of the logs was full")
            disk.free()
        await shown_again(run, SHOWN_WITHIN_S, "the disk of the logs had room again")
        run.must(_logged_bytes(run) > before, "F17 nothing is logged although there is room again")
    for service in SERVICES:
        run.must(_tells_of_loss(run, service), f"F17 {service} does not say how many lines it lost")


def _logged_bytes(run: Run) -> int:
    return sum(run.office.stack.log_of(service).stat().st_size for service in SERVICES)


def _tells_of_loss(run: Run, service: str) -> bool:
    return b'"log lines lost"' in run.office.stack.log_of(service).read_bytes()


def _move_write_ahead_log(postgres: PostgresServer, to: Path) -> None:
    place = postgres.data / "pg_wal"
    shutil.move(place, to)
    for path in (to, *to.rglob("*")):
        postgres.program.give(path)
    place.symlink_to(to)


def _log(postgres: PostgresServer) -> str:
    return (postgres.folder / "log").read_text(errors="replace")


def gave_up_for_want_of_room(told: str) -> bool:
    """Tell whether PostgreSQL ended its work because its write-ahead log found no room, by what it told of itself."""
    return bool(GAVE_UP.search(told))


async def _write_until_refused(postgres: PostgresServer, disk: SmallDisk) -> None:
    """Use up what room the log had at hand, and what a checkpoint gives back; why it ended is in the server's log."""
    with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection = await asyncpg.connect(postgres.admin_url, timeout=5.0)
        try:
            for _ in range(MOST_WRITES):
                disk.fill()
                await connection.execute(
                    "select pg_logical_emit_message(true, 'full', repeat('x', $1))", WRITTEN_BYTES, timeout=FULL_S
                )
        finally:
            connection.terminate()


async def _up_again(postgres: PostgresServer) -> int:
    """Start PostgreSQL as a supervisor does where it ended, for it could not write while it recovered.

    Returns how often it had ended.
    """
    ended = 0
    async with asyncio.timeout(UP_WITHIN_S):
        while not await accepts(postgres):
            assert postgres.process is not None
            if not postgres.process.running:
                ended += 1
                await postgres.start()
            await asyncio.sleep(0.1)
    return ended


SCENARIOS = [
    Scenario(
        "F17",
        "the disk of the write-ahead log full",
        fill_write_ahead_log,
        only_long=True,
        workers=2,
        servers=_write_ahead_log_on_small_disk,
        why_not=small_disk.why_not,
    ),
    Scenario(
        "F17",
        "the disk of the services' logs full",
        stage=_logs_on_small_disk,
        workers=2,
        why_not=small_disk.why_not,
    ),
]

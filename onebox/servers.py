"""The embedded servers of a state folder: both started at once, and stopped when the block that uses them ends."""

import asyncio
import errno
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from onebox import ports, run_lock, server_process
from onebox.errors import DiskFull
from onebox.kafka import cache as kafka_cache
from onebox.kafka import jars
from onebox.kafka.cluster import STOP_SIGNAL as STOP_KAFKA
from onebox.kafka.cluster import KafkaCluster
from onebox.kafka.node import Node
from onebox.kafka.program import KafkaProgram
from onebox.postgres import program as postgres_program
from onebox.postgres.server import FORGETFUL, PostgresServer
from onebox.postgres.server import STOP_SIGNAL as STOP_POSTGRES
from onebox.run_lock import RunLock

STATE = Path(".local")
ROOM_MB = 500
"""What a first start takes: jars, cache, an empty PostgreSQL and its log, the first segments of Kafka."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Flavour:
    """How the servers run."""

    postgres_settings: Mapping[str, str] = field(default_factory=dict)
    java_options: Sequence[str] = ()
    makes_cache: bool = True
    """Make the broker's start-up cache in the background if there is none."""


LASTING = Flavour()
"""For people's data and for tests of faults: what was acknowledged outlives a crash."""
QUICK = Flavour(FORGETFUL, ("-XX:TieredStopAtLevel=1",), makes_cache=False)
"""For tests of code: nothing waits for the disk."""


@dataclass(frozen=True, slots=True)
class Running:
    """The servers that run now."""

    kafka_bootstrap: str
    kafka: KafkaCluster | None
    """None where another Kafka is used."""
    postgres: PostgresServer | None
    """None where other databases are used."""
    lock: RunLock


@asynccontextmanager
async def servers(
    state: Path,
    progress: Progress,
    *,
    kafka_bootstrap: str | None = None,
    own_postgres: bool = True,
    kafka_home: Path | None = None,
    flavour: Flavour = LASTING,
) -> AsyncIterator[Running]:
    """Run the servers of a state folder; with other bootstrap servers, or without PostgreSQL, only the rest.

    The jars and their cache are kept in kafka_home, `kafka` in the state folder by default.
    Raises: one of the CannotRun errors; then nothing is left running.
    """
    with _room_on_disk(state), run_lock.hold(state) as lock:
        # Before the ports are chosen, so that the servers get those that they had.
        await stop_left_overs(state, progress)
        chosen = ports.choose(state / "ports.json", ["postgres", "kafka", "kafka_controller"])
        kafka = None if kafka_bootstrap else _cluster(state, kafka_home, chosen, flavour)
        postgres = _postgres(state, chosen, flavour, progress) if own_postgres else None
        running = Running(kafka_bootstrap or (kafka.bootstrap if kafka else ""), kafka, postgres, lock)
        try:
            await _start(running, progress)
            async with _meanwhile(_make_cache(kafka, flavour)):
                yield running
        finally:
            await _stop(running, progress)


async def stop_left_overs(state: Path, progress: Progress) -> bool:
    """Stop the servers of a state folder whose owner died; returns whether there were any."""
    stopping = [server_process.stop_left_over(record, stop_signal) for record, stop_signal in _records(state)]
    found = any(await asyncio.gather(*stopping))
    if found:
        progress("Stopped the servers that a crashed run had left")
    return found


def _records(state: Path) -> Iterator[tuple[Path, signal.Signals]]:
    yield from ((record, STOP_KAFKA) for record in state.glob("kafka/node-*/process.json"))
    yield from ((record, STOP_POSTGRES) for record in state.glob("postgres/process.json"))


def _cluster(state: Path, home: Path | None, chosen: Mapping[str, int], flavour: Flavour) -> KafkaCluster:
    folder = (state / "kafka").absolute()
    program = KafkaProgram((home or folder).absolute(), flavour.java_options)
    return KafkaCluster(program, folder, [Node(1, folder / "node-1", chosen["kafka"], chosen["kafka_controller"])])


def _postgres(state: Path, chosen: Mapping[str, int], flavour: Flavour, progress: Progress) -> PostgresServer:
    folder = (state / "postgres").absolute()
    program = postgres_program.find(folder, progress)
    return PostgresServer(program, folder, chosen["postgres"], state / "secrets", flavour.postgres_settings)


async def _start(running: Running, progress: Progress) -> None:
    try:
        async with asyncio.TaskGroup() as starting:
            if running.postgres:
                starting.create_task(_start_postgres(running.postgres, progress))
            if running.kafka:
                starting.create_task(_start_kafka(running.kafka, progress))
    except BaseExceptionGroup as failures:
        # The first failure cancelled the other start; people are told of one thing at a time.
        raise failures.exceptions[0] from None


async def _start_postgres(postgres: PostgresServer, progress: Progress) -> None:
    progress("Starting PostgreSQL")
    await postgres.start()
    progress(f"PostgreSQL is ready at {postgres.host}:{postgres.port}")


async def _start_kafka(kafka: KafkaCluster, progress: Progress) -> None:
    await jars.fetch(kafka.program.libs, progress)
    await kafka_cache.clear(kafka.folder)
    progress("Starting Apache Kafka")
    await kafka.start()
    progress(f"Apache Kafka is ready at {kafka.bootstrap}")


async def _stop(running: Running, progress: Progress) -> None:
    progress("Stopping the servers")
    await asyncio.gather(*(server.stop() for server in (running.kafka, running.postgres) if server))


async def _make_cache(kafka: KafkaCluster | None, flavour: Flavour) -> None:
    if kafka and flavour.makes_cache:
        await kafka_cache.make(kafka.program, kafka.folder)


@asynccontextmanager
async def _meanwhile(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def _room_on_disk(state: Path) -> Iterator[None]:
    try:
        state.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(state).free < ROOM_MB * 1_000_000:
            raise DiskFull(state, ROOM_MB)
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(state, ROOM_MB) from error
        raise

"""F17: the disk under PostgreSQL or under the broker is full to the last byte, and has room again later."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from onebox import ports
from onebox.kafka.cluster import KafkaCluster
from onebox.kafka.node import Node
from onebox.postgres.program import find
from onebox.postgres.server import PostgresServer
from onebox.simulator.history import Call, Kind, Outcome
from tests.faults.injectors import small_disk
from tests.faults.injectors.small_disk import SmallDisk
from tests.faults.injectors.topics_by_hand import writer
from tests.faults.offered import BAG_LIVES_S
from tests.faults.own_servers import OwnServers
from tests.faults.recovery import answered_again, caught_up, shown_again
from tests.faults.recovery_bounds import HAD_ROOM
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import beside

DATABASE_MB, BROKER_MB = 400, 128
FULL_S = 6.0
BACK_WITHIN_S = 30.0
SHOWN_WITHIN_S = 40.0
MET_WITHIN_S = 60.0
OFFERED_PER_S = 2.0
"""Beside the clerks, who all stand at scans that are sent away."""
DRAINED_WITHIN_S = 180.0
"""A message that met the full disk twice rests two minutes."""
MOST_PAGES = 100_000
RECORD_BYTES = 500_000
BALLAST = "faults.ballast"
NO_ROOM = "No space left on device"
SMALL_LOG = {"max_wal_size": "64MB", "min_wal_size": "32MB"}


@dataclass(slots=True)
class OnSmallDisk(OwnServers):
    """Servers of which one has a disk of its own that is small."""

    disk: SmallDisk | None = None


@asynccontextmanager
async def _database_on_small_disk(folder: Path, shared: OwnServers) -> AsyncIterator[OwnServers]:
    with small_disk.small_disk(folder / "disk", DATABASE_MB) as disk:
        chosen = ports.choose(folder / "ports.json", ["postgres"])
        program = find(disk.folder / "postgres", lambda _text: None)
        postgres = PostgresServer(program, disk.folder / "postgres", chosen["postgres"], folder / "secrets", SMALL_LOG)
        await postgres.start()
        try:
            yield OnSmallDisk(folder, shared.kafka, postgres, disk=disk)
        finally:
            await postgres.stop()


@asynccontextmanager
async def _broker_on_small_disk(folder: Path, shared: OwnServers) -> AsyncIterator[OwnServers]:
    with small_disk.small_disk(folder / "disk", BROKER_MB) as disk:
        chosen = ports.choose(folder / "ports.json", ["broker", "controller"])
        node = Node(1, disk.folder / "node-1", chosen["broker"], chosen["controller"])
        cluster = KafkaCluster(shared.kafka.program, disk.folder, [node])
        await cluster.start()
        try:
            yield OnSmallDisk(shared.folder, cluster, shared.postgres, shared._runs, disk)
        finally:
            await cluster.stop()


async def fill_database(run: Run) -> None:
    """Fill the disk of data and log: what cannot be kept is refused, nothing is promised falsely."""
    disk, postgres = disk_of(run), run.office.servers.postgres
    for _ in range(run.rounds):
        seen = len(run.history.calls)
        async with run.window("PostgreSQL's disk full", floor=0, outage=True):
            disk.fill()
            run.must(await _writes_until_full(postgres), "F17 PostgreSQL wrote on although its disk had no room")
            async with beside(run.traffic.offer(lambda: OFFERED_PER_S, BAG_LIVES_S)):
                await asyncio.gather(asyncio.sleep(FULL_S), _until_one_is_not_registered(run, disk, seen))
            disk.free()
            until = time.monotonic() + HAD_ROOM.here
        missed = [call for call in run.history.calls[seen:] if _is_not_registered(call)]
        run.must(missed, "F17 every registration was answered with ok although the disk was full")
        assert postgres.process is not None
        if not postgres.process.running:
            # What a supervisor does; PostgreSQL gives up where it cannot write while it recovers.
            await postgres.start()
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "the disk had room again")
        await shown_again(run, min(SHOWN_WITHIN_S, until - time.monotonic()), "the disk had room again")
        await caught_up(run, until - time.monotonic(), "the disk had room again")


async def fill_broker(run: Run) -> None:
    """Fill the broker's disk: intake goes on, and its events go out when there is room."""
    disk, kafka = disk_of(run), run.office.servers.kafka
    (node,) = kafka.nodes
    await _make_ballast_topic(kafka.bootstrap)
    for _ in range(run.rounds):
        async with run.window("the broker's disk full", floor=20, outage=True):
            disk.fill()
            taken, _ = await asyncio.gather(_takes_a_record(kafka.bootstrap), asyncio.sleep(FULL_S))
            run.must(not taken, "F17 the broker took a record although its disk was full")
            run.must(disk.is_full(), "F17 the disk of the broker had room")
            disk.free()
            until = time.monotonic() + HAD_ROOM.here
        if not kafka.processes[node.node_id].running:
            await kafka.kill_node(node.node_id)
            await kafka.start_node(node.node_id)
            await kafka.until_serving()
        await shown_again(run, min(SHOWN_WITHIN_S, until - time.monotonic()), "the broker's disk had room again")
        await caught_up(run, until - time.monotonic(), "the broker's disk had room again")


async def _writes_until_full(postgres: PostgresServer) -> bool:
    """Have PostgreSQL take room for a table until its disk refuses; returns whether it did."""
    connection = await asyncpg.connect(postgres.admin_url, timeout=FULL_S)
    try:
        await connection.execute("create temporary table ballast (page text)", timeout=FULL_S)
        for _ in range(MOST_PAGES):
            # Some rows fill a page, and pages are what a full disk does not give.
            await connection.execute("insert into ballast select repeat(md5(random()::text), 200)", timeout=FULL_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return isinstance(error, asyncpg.DiskFullError) or NO_ROOM in str(error)
    finally:
        connection.terminate()
    return False


async def _until_one_is_not_registered(run: Run, disk: SmallDisk, seen: int) -> None:
    """Wait for a registration that was refused or whose end is unknown: pages that are begun have room for some.

    Room that PostgreSQL gives back meanwhile, as of a table that nobody holds any more, is taken too.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(MET_WITHIN_S):
            while not any(_is_not_registered(call) for call in run.history.calls[seen:]):
                disk.fill()
                await asyncio.sleep(0.05)


def _is_not_registered(call: Call) -> bool:
    """Tell whether a registration was sent away, or left in doubt, by a service that could not write."""
    return call.kind is Kind.REGISTER and call.outcome is not Outcome.OK and call.reason != "cancelled"


async def _make_ballast_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        await admin.create_topics([NewTopic(BALLAST, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def _takes_a_record(bootstrap: str) -> bool:
    """Offer the broker a record of many pages, in a topic that nobody reads; returns whether it took it in time."""
    try:
        async with asyncio.timeout(FULL_S), writer(bootstrap) as producer:
            await producer.send_and_wait(BALLAST, b"\0" * RECORD_BYTES)
    except (KafkaError, OSError, TimeoutError):
        return False
    return True


def disk_of(run: Run) -> SmallDisk:
    """Return the disk that can be filled."""
    servers = run.office.servers
    assert isinstance(servers, OnSmallDisk)
    assert servers.disk is not None
    return servers.disk


SCENARIOS = [
    Scenario(
        "F17",
        "PostgreSQL's disk full",
        fill_database,
        workers=2,
        drained_within_s=DRAINED_WITHIN_S,
        servers=_database_on_small_disk,
        why_not=small_disk.why_not,
    ),
    Scenario(
        "F17",
        "the broker's disk full",
        fill_broker,
        only_long=True,
        workers=2,
        servers=_broker_on_small_disk,
        why_not=small_disk.why_not,
    ),
]

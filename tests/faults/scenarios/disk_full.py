"""F17: the disk under PostgreSQL or under the broker is full to the last byte, and has room again later."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from onebox import ports
from onebox.kafka.cluster import KafkaCluster
from onebox.kafka.node import Node
from onebox.postgres.program import find
from onebox.postgres.server import PostgresServer
from onebox.simulator.history import Kind
from tests.faults.injectors import small_disk
from tests.faults.injectors.small_disk import SmallDisk
from tests.faults.own_servers import OwnServers
from tests.faults.recovery import answered_again, caught_up, shown_again
from tests.faults.recovery_bounds import HAD_ROOM
from tests.faults.run import Run
from tests.faults.scenario import Scenario

DATABASE_MB, BROKER_MB = 400, 128
FULL_S = 6.0
BACK_WITHIN_S = 30.0
SHOWN_WITHIN_S = 40.0
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
        async with run.window("PostgreSQL's disk full", floor=0, outage=True):
            disk.fill()
            await asyncio.sleep(FULL_S)
            disk.free()
            until = time.monotonic() + HAD_ROOM.here
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
    for _ in range(run.rounds):
        async with run.window("the broker's disk full", floor=20, outage=True):
            disk.fill()
            await asyncio.sleep(FULL_S)
            disk.free()
            until = time.monotonic() + HAD_ROOM.here
        if not kafka.processes[node.node_id].running:
            await kafka.kill_node(node.node_id)
            await kafka.start_node(node.node_id)
            await kafka.until_serving()
        await shown_again(run, min(SHOWN_WITHIN_S, until - time.monotonic()), "the broker's disk had room again")
        await caught_up(run, until - time.monotonic(), "the broker's disk had room again")


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

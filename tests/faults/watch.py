"""A look at processes and connections while a run lasts, for the bounds that hold whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import asyncpg
import psutil

from onebox.configuration import SERVICES
from shared.access.passphrases import AT_ONCE
from shared.web.service import BACKGROUND_POOL_SIZE
from tests.faults.evidence import Bounds
from tests.faults.own_servers import OwnServers
from tests.faults.server_logs import ServerLogs
from tests.system.stack import Stack

LOOK_EVERY_S = 0.5
IDLE_MB = {"parcel": 155.0, "tracking": 85.0, "notifications": 85.0}
"""What a service takes when it has just started and nobody asks anything; parcel has the gazetteer and the press."""
GROWTH = 1.5
"""Batches in hand, and what the allocator keeps of them."""
HASHING_MB = 20.0 * AT_ONCE
"""What the parcel service takes besides while clerks sign in, as after every restart."""
RECORD_COPIES = 3
"""Of a record in hand: as it was fetched, as it was taken out of its batch, as it is written down."""
POOL = 10
BESIDE_POOL = BACKGROUND_POOL_SIZE + 1
"""What runs beside requests, and the relay's own connection."""
OURS = "faults"
"""Services name all their connections, scenarios hardly any."""
"""How the harness is called where it looks into the databases of services: it is none of their connections."""
NO_ANSWER = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The last: the server ended the connection between two statements, and the driver lost its place."""


@dataclass(slots=True)
class Watch:
    """Peaks seen so far, by process and by database."""

    stack: Stack
    admin_url: str
    logs: ServerLogs
    memory_mb: dict[str, float] = field(default_factory=dict)
    connections: dict[str, int] = field(default_factory=dict)
    """Seen twice in a row: whoever closes one and opens another has both for a moment."""
    _seen_before: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    """What the servers wrote into their logs, once the watch is over."""

    def bounds(self, disturbed: bool, largest_record_mb: float) -> list[Bounds]:
        """Return the peaks beside what they may be, in a run in which processes were disturbed or were not."""
        held_mb = RECORD_COPIES * largest_record_mb
        memory = [Bounds(f"MB of {name}", peak, _most_mb(name) + held_mb) for name, peak in self.memory_mb.items()]
        return memory + [
            Bounds(f"connections of {service}", peak, self._most(service, disturbed))
            for service, peak in self.connections.items()
        ]

    def _most(self, service: str, disturbed: bool) -> int:
        replicas = sum(launch.service == service for launch in self.stack.launches.values())
        # One more: a process that was just killed leaves connections which its database notices a moment later.
        return (replicas + disturbed) * (POOL + BESIDE_POOL)

    async def look_for_ever(self) -> None:
        """Look again and again; a server that does not answer is no matter of this watch."""
        while True:
            self._look_at_memory()
            self.logs.look()
            with suppress(OSError, TimeoutError, *NO_ANSWER):
                await self._look_at_connections()
            await asyncio.sleep(LOOK_EVERY_S)

    def _look_at_memory(self) -> None:
        for name in list(self.stack.processes):
            if self.stack.runs(name):
                with suppress(psutil.Error):
                    resident = psutil.Process(self.stack.processes[name].pid).memory_info().rss / 1_000_000
                    self.memory_mb[name] = max(self.memory_mb.get(name, 0.0), resident)

    async def _look_at_connections(self) -> None:
        connection = await asyncpg.connect(self.admin_url, timeout=2, server_settings={"application_name": OURS})
        try:
            rows = await connection.fetch(
                """
                select datname, count(*) from pg_stat_activity
                where backend_type = 'client backend' and application_name not in ('', $1) and datname is not null
                group by datname
                """,
                OURS,
            )
        finally:
            await connection.close()
        databases = {urlsplit(self.stack.databases[service].service).path[1:]: service for service in SERVICES}
        for name, count in rows:
            if service := databases.get(name):
                lasting = min(count, self._seen_before.get(service, 0))
                self.connections[service] = max(self.connections.get(service, 0), lasting)
                self._seen_before[service] = count


@asynccontextmanager
async def watching(stack: Stack, servers: OwnServers) -> AsyncIterator[Watch]:
    """Watch while the block lasts."""
    watch = Watch(stack, servers.postgres.admin_url, ServerLogs(servers.logs()))
    watch.logs.begin()
    looking = asyncio.create_task(watch.look_for_ever())
    try:
        yield watch
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking
        watch.written = watch.logs.end()


def _most_mb(name: str) -> float:
    service = name.partition("-")[0]
    return GROWTH * IDLE_MB[service] + HASHING_MB * (service == "parcel")

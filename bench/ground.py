"""Where a benchmark runs: a PostgreSQL and a Kafka of its own, as durable as in production, in a temporary folder."""

import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncpg

from bench.rounds import ROUNDS
from onebox.postgres import databases
from onebox.postgres.databases import ServiceDatabase
from onebox.servers import STATE, Flavour, servers
from onebox.up import MIGRATIONS
from shared.contracts.topics import Topic
from shared.db.migrate import migrate
from shared.messaging.topics import create_topics
from shared.web.service import SHARED_MIGRATIONS

SERVERS = Flavour({"shared_preload_libraries": "pg_stat_statements"}, makes_cache=False)


@dataclass(frozen=True, slots=True)
class Ground:
    """The servers of a run, and how long its measurements are."""

    folder: Path
    postgres_url: str
    """DSN of a superuser."""
    kafka: str
    rounds: int = ROUNDS
    events: int = 1_000_000
    """How many events go through a service before its memory is looked at again."""
    templates: dict[str, ServiceDatabase] = field(default_factory=dict)

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[ServiceDatabase]:
        """Lend a fresh, migrated database of a service; it is dropped when the block ends."""
        if service not in self.templates:
            self.templates[service] = await self._template(service)
        async with self.copy(self.templates[service], "wal_log") as copied:
            yield copied

    @asynccontextmanager
    async def copy(self, original: ServiceDatabase, strategy: str = "file_copy") -> AsyncIterator[ServiceDatabase]:
        """Lend a copy of a database that nobody is connected to; it is dropped when the block ends."""
        name = f"{original.service}_{uuid.uuid4().hex[:12]}"
        admin = await asyncpg.connect(self.postgres_url)
        try:
            await databases.execute_named(
                admin,
                f"create database %I template %I owner %I strategy {strategy}",
                name,
                original.name,
                original.owner,
            )
            await databases.restrict(admin, name, original.owner, original.service)
            yield replace(
                original,
                name=name,
                owner_url=databases.url_of(original.owner_url, name),
                service_url=databases.url_of(original.service_url, name),
            )
        finally:
            await databases.execute_named(admin, "drop database if exists %I with (force)", name)
            await admin.close()

    async def topic(self, name: str, partitions: int = 12) -> str:
        """Create a topic of a name that is new each time; returns it."""
        fresh = f"{name}.{uuid.uuid4().hex[:12]}"
        await create_topics(self.kafka, topics=[Topic(fresh, partitions=partitions)])
        return fresh

    async def _template(self, service: str) -> ServiceDatabase:
        made = await databases.create_one(self.postgres_url, service, self.folder / "secrets")
        await migrate(made.owner_url, [*SHARED_MIGRATIONS, MIGRATIONS[service]])
        return made


@asynccontextmanager
async def ground(*, rounds: int, events: int) -> AsyncIterator[Ground]:
    """Start the servers; they stop, and what they kept is removed, when the block ends."""
    with tempfile.TemporaryDirectory(prefix="ctcpost-bench-", ignore_cleanup_errors=True) as folder:
        state = Path(folder)
        state.chmod(0o755)
        async with servers(state, print, kafka_home=STATE / "kafka", flavour=SERVERS) as running:
            assert running.postgres is not None
            yield Ground(state, running.postgres.admin_url, running.kafka_bootstrap, rounds, events)

"""A database with a table to see effects in, the roles that go with it, and connections of the powerful."""

import uuid
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import structlog
from prometheus_client import CollectorRegistry

from onebox.postgres.databases import ServiceDatabase
from shared.contracts.topics import Topic
from shared.db.connection import Database
from shared.messaging.measures import Measures
from shared.messaging.topics import create_topics
from tests.shared.written import Read, configured
from tests.support import databases
from tests.support.addresses import Addresses


@pytest.fixture
async def lent(servers: Addresses) -> AsyncIterator[ServiceDatabase]:
    async with databases.fresh(servers, "tracking") as lent:
        yield lent


@pytest.fixture
async def owner(lent: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    """The owner role, after it made a table that handlers write to."""
    connection = await asyncpg.connect(lent.owner_url)
    await connection.execute(
        "create table effect (place bigint generated always as identity, event_id uuid not null, item text not null,"
        " number integer not null constraint number_counts check (number > 0))"
    )
    yield connection
    await connection.close()


@pytest.fixture
async def admin(servers: Addresses) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(servers.postgres_url)
    yield connection
    await connection.close()


@pytest.fixture
async def database(lent: ServiceDatabase, owner: asyncpg.Connection) -> AsyncIterator[Database]:
    """The service role's pool."""
    database = await Database.open(lent.service_url, pool_size=5, application="tests")
    yield database
    await database.close()


@pytest.fixture
def measures() -> Measures:
    return Measures(CollectorRegistry())


@pytest.fixture
def lines() -> Iterator[list[structlog.typing.EventDict]]:
    """What our code logs while a test runs."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def written() -> Iterator[Read]:
    """What a service would write to its log while a test runs."""
    with configured() as read:
        yield read


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    """A topic of three partitions that no other test uses."""
    name = f"test.{uuid.uuid4().hex[:12]}"
    await create_topics(kafka_bootstrap, topics=[Topic(name, partitions=3)])
    return name

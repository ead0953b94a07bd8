"""A tracking database with both its roles, for what the service's own role may not do."""

from collections.abc import AsyncIterator

import pytest

from onebox.postgres.databases import ServiceDatabase
from shared.db.connection import Database
from tests.support import databases
from tests.support.addresses import Addresses


@pytest.fixture
async def lent(servers: Addresses) -> AsyncIterator[ServiceDatabase]:
    async with databases.fresh(servers, "tracking") as lent:
        yield lent


@pytest.fixture
async def database(lent: ServiceDatabase) -> AsyncIterator[Database]:
    """The service role's pool."""
    database = await Database.open(lent.service_url, pool_size=8, application="tests")
    yield database
    await database.close()

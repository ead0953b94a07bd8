import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from onebox.configuration import SERVICES, DatabaseUrls
from tests.support import databases, kept_servers
from tests.support.topics import emptied
from tests.system.stack import Stack


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Three services on fresh databases and empty topics, not started yet."""
    addresses = await asyncio.to_thread(kept_servers.addresses, "lasting")
    async with AsyncExitStack() as lent:
        fresh = {name: await lent.enter_async_context(databases.fresh(addresses, name)) for name in SERVICES}
        urls = {name: DatabaseUrls(one.owner_url, one.service_url) for name, one in fresh.items()}
        await emptied(addresses.kafka_bootstrap)
        prepared = await Stack.prepare(tmp_path, addresses.kafka_bootstrap, urls)
        try:
            yield prepared
        finally:
            await prepared.stop_all()

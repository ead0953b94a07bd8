"""The whole post office for counters' devices, as long as one file of tests runs."""

import gc
from collections.abc import AsyncIterator

import pytest

from tests.access.running_post import Post, running_post
from tests.support.addresses import Addresses


@pytest.fixture(scope="module")
async def post(servers: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Post]:
    """Run the services; a test that uses them carries `without_broker`."""
    async with running_post(servers, tmp_path_factory.mktemp("post")) as running:
        yield running
    gc.collect()

from collections.abc import AsyncIterator

import pytest

from tests.faults.own_servers import OwnServers, own_servers


@pytest.fixture(scope="session")
async def fault_servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OwnServers]:
    """One pair of servers for all faults after which it works as before."""
    async with own_servers(tmp_path_factory.mktemp("fault-servers")) as servers:
        yield servers

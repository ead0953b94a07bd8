from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.own_servers import OwnServers, own_servers


@pytest.fixture
def servers_folder() -> Iterator[Path]:
    """A folder for servers: as root PostgreSQL runs as another user, and pytest shuts its own folders to others."""
    with TemporaryDirectory(prefix="ctcpost-faults-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
async def fault_servers() -> AsyncIterator[OwnServers]:
    """One pair of servers for all faults after which it works as before."""
    with TemporaryDirectory(prefix="ctcpost-faults-", ignore_cleanup_errors=True) as folder:
        async with own_servers(Path(folder)) as servers:
            yield servers

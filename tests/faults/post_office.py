"""A post office that faults may hurt: three services under a supervisor, on servers of their own."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from onebox.configuration import SERVICES
from onebox.simulator.network import Network, made_up_offices, network_of
from tests.faults.own_servers import OwnServers
from tests.faults.supervision import Supervisor, supervised
from tests.support.addresses import ROOT
from tests.system.stack import Launch, Stack

COUNTERS = 8
OPEN_WITHIN_S = 90.0
BRISK = {
    "NOTIFICATIONS_SEND_BATCH": "8",
    "NOTIFICATIONS_SEND_WITHIN_S": "1",
    "NOTIFICATIONS_TIDY_PAUSE_S": "1",
}
"""A sender that dies holds its messages for as long as its whole batch may take; a short batch spares waiting."""


@dataclass(slots=True)
class PostOffice:
    """The servers, the processes, and who keeps them running."""

    servers: OwnServers
    stack: Stack
    supervisor: Supervisor
    network: Network
    environment: Mapping[str, str]
    """What every process is told besides its addresses."""
    environment_of: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """What the processes of one service are told besides."""
    prefix: Sequence[str] = ()
    """What the command of every process begins with."""
    prefix_of: dict[str, Sequence[str]] = field(default_factory=dict)
    """What the commands of one service begin with instead."""
    tree: Path = ROOT
    """The source that every process runs at first."""

    async def open(self, replicas: int = 1) -> None:
        """Start every service so many times, and wait until all of them answer."""
        for service in SERVICES:
            for replica in range(replicas):
                prefix = self.prefix_of.get(service, self.prefix)
                await self.supervisor.keep(Launch(service, replica, self._told(service), prefix, self.tree))
        if missing := await self.supervisor.until_all_ready(OPEN_WITHIN_S):
            raise RuntimeError(f"{', '.join(missing)} did not start; see {self.stack.folder}")

    def _told(self, service: str) -> dict[str, str]:
        return {**self.environment, **self.environment_of.get(service, {})}


@asynccontextmanager
async def post_office(
    servers: OwnServers, folder: Path, environment: Mapping[str, str] | None = None
) -> AsyncIterator[PostOffice]:
    """Prepare databases, topics and offices; nothing runs before it is opened, and nothing after the block."""
    folder.mkdir(parents=True, exist_ok=True)
    network = network_of(COUNTERS)
    databases = await servers.fresh()
    stack = await Stack.prepare(folder, servers.kafka.bootstrap, databases, made_up_offices(network))
    async with supervised(stack) as supervisor:
        yield PostOffice(servers, stack, supervisor, network, {**BRISK, **(environment or {})})

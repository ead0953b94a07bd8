"""A PostgreSQL and a Kafka that the faults may kill: nobody else uses them, and what they acknowledge lasts."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from onebox.configuration import SERVICES, DatabaseUrls
from onebox.kafka.cluster import KafkaCluster
from onebox.kafka.node import REPLICAS
from onebox.postgres import databases
from onebox.postgres.server import PostgresServer
from onebox.servers import LASTING, servers
from tests.support.addresses import ROOT
from tests.support.topics import emptied


@dataclass(slots=True)
class OwnServers:
    """The two servers; each run gets databases of its own and topics without a past."""

    folder: Path
    kafka: KafkaCluster
    postgres: PostgresServer
    _runs: "count[int]" = field(default_factory=lambda: count(1))

    def logs(self) -> dict[str, Path]:
        """Return where the databases write what befalls them, by name."""
        return {"log of PostgreSQL": self.postgres.folder / "log"}

    async def fresh(self) -> Mapping[str, DatabaseUrls]:
        """Empty the topics and make three databases that nobody used."""
        run = next(self._runs)
        await emptied(self.kafka.bootstrap, min(REPLICAS, len(self.kafka.nodes)))
        names = {service: f"{service}_{run}" for service in SERVICES}
        made = await databases.create(self.postgres.admin_url, list(names.values()), self.folder / "secrets")
        return {service: DatabaseUrls(made[name].owner_url, made[name].service_url) for service, name in names.items()}


@asynccontextmanager
async def own_servers(folder: Path) -> AsyncIterator[OwnServers]:
    """Run a pair of servers in a folder; they are stopped when the block ends."""
    kafka_home = ROOT / ".local" / "kafka"
    async with servers(folder, _say_nothing, kafka_home=kafka_home, flavour=LASTING) as running:
        assert running.kafka is not None
        assert running.postgres is not None
        yield OwnServers(folder, running.kafka, running.postgres)


def _say_nothing(_text: str) -> None:
    """Leave the terminal to the tests."""

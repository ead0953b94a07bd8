"""One node of an embedded Kafka: its ports, its folder and its properties. Broker and controller in one process."""

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path

from onebox.ports import LOOPBACK

REPLICAS = 3
SMALL_MACHINE = {
    "num.network.threads": 2,
    "num.io.threads": 2,
    "log.cleaner.threads": 1,
    "log.cleaner.dedupe.buffer.size": 2_097_152,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    # A group of one process would wait three seconds for members that never come.
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1_000,
    "auto.create.topics.enable": "false",
    # After a power cut a broker waits until the session of its former self has run out; nine seconds by default.
    "broker.session.timeout.ms": 4_000,
    "broker.heartbeat.interval.ms": 1_000,
}


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a cluster."""

    node_id: int
    folder: Path
    port: int
    controller_port: int
    host: str = LOOPBACK
    """Address on which clients reach it."""

    @property
    def address(self) -> str:
        """Return where clients reach it."""
        return f"{self.host}:{self.port}"

    @property
    def data(self) -> Path:
        """Return the folder of its log segments."""
        return self.folder / "data"

    @property
    def properties_file(self) -> Path:
        """Return the file that the broker reads."""
        return self.folder / "server.properties"


def write_properties(node: Node, cluster: Sequence[Node], home: Path) -> None:
    """Write the properties of a node; topics of a cluster of three or more are kept three times."""
    text = "".join(f"{name}={value}\n" for name, value in _properties(node, cluster, home).items())
    node.properties_file.write_text(text)


def _properties(node: Node, cluster: Sequence[Node], home: Path) -> dict[str, object]:
    replicas = min(REPLICAS, len(cluster))
    in_sync = max(1, replicas - 1)
    controller = f"CONTROLLER://{LOOPBACK}:{node.controller_port}"
    return {
        "process.roles": "broker,controller",
        "node.id": node.node_id,
        "controller.quorum.voters": ",".join(f"{n.node_id}@{LOOPBACK}:{n.controller_port}" for n in cluster),
        "listeners": f"PLAINTEXT://{node.address},{controller}",
        "advertised.listeners": f"PLAINTEXT://{node.address}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        # Relative to the broker's working folder: the properties format takes Latin-1 only, folders are named in Khmer.
        "log.dirs": relpath(node.data.resolve(), home.resolve()),
        "default.replication.factor": replicas,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": in_sync,
        **SMALL_MACHINE,
    }

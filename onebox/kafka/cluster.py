"""An embedded Kafka cluster: formatted once, started, waited for, stopped; one node by default."""

import asyncio
import base64
import os
import signal
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from onebox import server_process
from onebox.errors import ServerFailed
from onebox.kafka import ready as kafka_ready
from onebox.kafka.node import Node, write_properties
from onebox.kafka.program import BROKER, FORMAT, KafkaProgram
from onebox.server_process import Launch, ServerProcess

READY_WITHIN_S = 60.0
STOP_WITHIN_S = 20.0
STOP_CLUSTER_WITHIN_S = 5.0
"""The last nodes of several wait for a quorum that is gone; what they hold is safe in the log."""
STOP_SIGNAL = signal.SIGTERM

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class KafkaCluster:
    """Brokers on this machine, their data under one folder."""

    program: KafkaProgram
    folder: Path
    nodes: Sequence[Node]
    niceness: int = 0
    processes: dict[int, ServerProcess] = field(default_factory=dict)
    """The nodes that run, by their id."""

    @property
    def bootstrap(self) -> str:
        """Return the addresses that clients are given."""
        return ",".join(node.address for node in self.nodes)

    async def start(self) -> None:
        """Start every node, and wait until the cluster can do all that a client will ask of it.

        Raises: PortTaken, DiskFull, WrongPlatform or ServerFailed; then none of them is left running.
        """
        try:
            try:
                await self._bring_up()
            except ServerFailed:
                if not self.program.cache.exists():
                    raise
                log.warning("broker_cache_dropped", cache=str(self.program.cache))
                self.program.cache.unlink(missing_ok=True)
                await self.stop()
                await self._bring_up()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop every node that runs."""
        await asyncio.gather(*(self.stop_node(node_id) for node_id in tuple(self.processes)))

    async def start_node(self, node_id: int) -> None:
        """Start one node, formatting its data folder if that is new or was lost, and wait until it answers."""
        node = self._node(node_id)
        await self._prepare(node)
        self._launch(node)
        await self._until_connected(node)

    async def stop_node(self, node_id: int) -> None:
        """Stop one node in good order."""
        within_s = STOP_WITHIN_S if len(self.nodes) == 1 else STOP_CLUSTER_WITHIN_S
        await server_process.stop(self.processes[node_id], within_s)
        self._forget(node_id)

    async def kill_node(self, node_id: int) -> None:
        """End one node at once."""
        await server_process.kill(self.processes[node_id])
        self._forget(node_id)

    async def until_serving(self) -> None:
        """Wait until all nodes are in the cluster and consumer groups can be joined."""
        addresses = [node.address for node in self.nodes]
        first = self.processes[self.nodes[0].node_id]
        await server_process.until(first, lambda: kafka_ready.serves(addresses), READY_WITHIN_S)

    async def _bring_up(self) -> None:
        await asyncio.gather(*(self._prepare(node) for node in self.nodes))
        for node in self.nodes:
            self._launch(node)
        await asyncio.gather(*(self._until_connected(node) for node in self.nodes))
        await self.until_serving()

    async def _prepare(self, node: Node) -> None:
        node.folder.mkdir(parents=True, exist_ok=True)
        await server_process.stop_left_over(_record(node), STOP_SIGNAL)
        write_properties(node, self.nodes, self.program.home)
        if not (node.data / "meta.properties").exists():
            await self._format(node)

    async def _format(self, node: Node) -> None:
        arguments = ["format", f"--cluster-id={self._cluster_id()}", "-c", self._properties(node)]
        formatting = server_process.start(self._described(node, FORMAT, *arguments))
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await server_process.ended(formatting)
        finally:
            await server_process.stop(formatting, within_s=0)
        if formatting.process.returncode:
            raise server_process.why_it_failed(formatting.launch)

    def _launch(self, node: Node) -> None:
        self.processes[node.node_id] = server_process.start(self._described(node, BROKER, self._properties(node)))

    async def _until_connected(self, node: Node) -> None:
        process = self.processes[node.node_id]
        await server_process.until(process, lambda: kafka_ready.accepts(node.address), READY_WITHIN_S)

    def _described(self, node: Node, main_class: str, *arguments: str) -> Launch:
        # The mark makes the command line one that no other node on this machine has.
        mark = f"-Dctcpost.node={self._cluster_id()}/{node.node_id}"
        return Launch(
            name="Kafka",
            command=self.program.with_cache().with_options(mark).command(main_class, *arguments),
            record=_record(node),
            log=node.folder / "log",
            folder=self.program.home,
            stop_signal=STOP_SIGNAL,
            environment=self.program.environment,
            niceness=self.niceness,
        )

    def _forget(self, node_id: int) -> None:
        # Only now that it ended: whoever was broken off while it was stopped must still find it, to kill it.
        self.processes.pop(node_id, None)

    def _properties(self, node: Node) -> str:
        return os.path.relpath(node.properties_file.resolve(), self.program.home.resolve())

    def _cluster_id(self) -> str:
        file = self.folder / "cluster.id"
        if not file.exists() or not file.read_text():
            file.write_text(base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="))
        return file.read_text()

    def _node(self, node_id: int) -> Node:
        return next(node for node in self.nodes if node.node_id == node_id)


def _record(node: Node) -> Path:
    return node.folder / "process.json"

"""F5: of three brokers that keep each record twice at least, any one may be killed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from onebox import ports
from onebox.kafka.cluster import KafkaCluster
from onebox.kafka.node import Node
from tests.faults.own_servers import OwnServers
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario

NODES = (1, 2, 3)
from tests.faults.recovery_bounds import CONSUMED
IN_SYNC = "min.insync.replicas"
LEAST_IN_SYNC = "2"
SHOWN_WITHIN_S = CONSUMED.here
"""For a session of the broker that ends, an election, and a consumer that finds its new coordinator."""


@asynccontextmanager
async def three_brokers(folder: Path, shared: OwnServers) -> AsyncIterator[OwnServers]:
    """Run three brokers beside the shared database."""
    cluster = KafkaCluster(shared.kafka.program, folder, _nodes(folder))
    await cluster.start()
    try:
        yield replace(shared, kafka=cluster)
    finally:
        await cluster.stop()


async def kill_each(run: Run) -> None:
    """Kill one broker after the other, each when all are there again; work goes on with the two that are left."""
    kafka = run.office.servers.kafka
    victims = run.chance.sample(NODES, len(NODES) if run.rounds > 1 else 1)
    for node_id in victims * max(1, run.rounds // 2):
        async with run.window(f"broker {node_id} of three killed", floor=10, outage=True):
            await kafka.kill_node(node_id)
            run.kills += 1
            await shown_again(run, SHOWN_WITHIN_S, f"broker {node_id} was killed")
        await kafka.start_node(node_id)
        await kafka.until_serving()


def _nodes(folder: Path) -> list[Node]:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{kind}-{number}" for number in NODES for kind in ("broker", "controller")]
    chosen = ports.choose(folder / "ports.json", names)
    return [
        Node(number, folder / f"node-{number}", chosen[f"broker-{number}"], chosen[f"controller-{number}"])
        for number in NODES
    ]


SCENARIOS = [Scenario("F5", "one of three brokers killed", kill_each, workers=2, servers=three_brokers)]

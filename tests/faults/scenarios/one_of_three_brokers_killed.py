"""F5: of three brokers that keep each record twice at least, any one may be killed."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from onebox import ports
from onebox.kafka.cluster import KafkaCluster
from onebox.kafka.node import Node
from shared.contracts.topics import TOPICS
from tests.faults.own_servers import OwnServers
from tests.faults.recovery import shown_again
from tests.faults.recovery_bounds import CONSUMED
from tests.faults.run import Run
from tests.faults.scenario import Scenario

NODES = (1, 2, 3)
IN_SYNC = "min.insync.replicas"
LEAST_IN_SYNC = "2"
SHOWN_WITHIN_S = CONSUMED.here
"""For a session of the broker that ends, an election, and a consumer that finds its new coordinator."""
GONE_AT_LEAST_S = 5.0


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
    for topic, keeping in (await kept(kafka.bootstrap)).items():
        run.must(is_kept_safely(*keeping), f"F5 {topic} has so many replicas, and needs so many in sync: {keeping}")
    victims = run.chance.sample(NODES, len(NODES) if run.rounds > 1 else 1)
    for node_id in victims * max(1, run.rounds // 2):
        async with run.window(f"broker {node_id} of three killed", floor=10, outage=True):
            await kafka.kill_node(node_id)
            run.kills += 1
            # It stays away longer than the others take to go on: what is done meanwhile is to be worth counting.
            shown = shown_again(run, SHOWN_WITHIN_S, f"broker {node_id} was killed")
            await asyncio.gather(shown, asyncio.sleep(GONE_AT_LEAST_S))
        await kafka.start_node(node_id)
        await kafka.until_serving()


def is_kept_safely(fewest_replicas: int, least_in_sync: str | None) -> bool:
    """Tell whether a topic outlives any one of the brokers and acknowledges nothing that only one of them has."""
    return fewest_replicas == len(NODES) and least_in_sync == LEAST_IN_SYNC


async def kept(bootstrap: str) -> Mapping[str, tuple[int, str | None]]:
    """Return, by topic of ours, the fewest replicas of a partition and how many the broker wants in sync."""
    names = [topic.name for topic in TOPICS]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        await admin.start()
        described = await admin.describe_topics(names)
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    finally:
        await admin.close()
    replicas = {one["topic"]: [len(part["replicas"]) for part in one["partitions"]] for one in described}
    in_sync = {
        name: value
        for answer in answers
        for *_, name, entries in answer.resources
        for option, value, *_ in entries
        if option == IN_SYNC
    }
    return {name: (min(replicas.get(name) or [0]), in_sync.get(name)) for name in names}


def _nodes(folder: Path) -> list[Node]:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{kind}-{number}" for number in NODES for kind in ("broker", "controller")]
    chosen = ports.choose(folder / "ports.json", names)
    return [
        Node(number, folder / f"node-{number}", chosen[f"broker-{number}"], chosen[f"controller-{number}"])
        for number in NODES
    ]


SCENARIOS = [Scenario("F5", "one of three brokers killed", kill_each, workers=2, servers=three_brokers)]

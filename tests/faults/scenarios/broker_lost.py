"""F5, F6 and F7: the broker is restarted, is gone for a while, comes back with an empty disk."""

import asyncio
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta

from onebox.configuration import SERVICES
from onebox.simulator.history import Kind, Outcome
from shared.contracts.topics import TOPICS
from shared.messaging.topics import create_topics
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.addresses import ROOT

RESTARTS = 5
CONSUMING_WITHIN_S = 15.0
GONE_S = 12.0
"""In CI; the long form multiplies it by its rounds."""
OFFERED_PER_S = 20.0
BAG_LIVES_S = 4.0
ANSWERED_WITHIN_S = 2.0
KEEPS = 0.95
REPUBLISHED_WITHIN_S = 60.0


async def restart(run: Run) -> None:
    """Restart the one broker in good order and hard, in turn, five times in a row."""
    kafka = run.office.servers.kafka
    (node,) = kafka.nodes
    for number in range(RESTARTS * run.rounds):
        hard = number % 2 == 1
        async with run.window(f"broker {'killed' if hard else 'stopped'}", floor=20):
            await (kafka.kill_node(node.node_id) if hard else kafka.stop_node(node.node_id))
            await kafka.start_node(node.node_id)
            await kafka.until_serving()
        run.kills += hard
    await shown_again(run, CONSUMING_WITHIN_S, "the broker was restarted five times")


async def miss_the_broker(run: Run) -> None:
    """Let the broker be gone for a while: intake goes on as before, and its events go out later."""
    kafka = run.office.servers.kafka
    (node,) = kafka.nodes
    offering = asyncio.create_task(run.traffic.offer(lambda: OFFERED_PER_S, BAG_LIVES_S))
    await kafka.kill_node(node.node_id)
    run.kills += 1
    began_at = time.monotonic()
    async with run.window("broker gone"):
        await asyncio.sleep(GONE_S * run.rounds)
    offering.cancel()
    due = [
        call
        for call in run.history.of(Kind.REGISTER)
        if began_at <= call.due_at <= time.monotonic() - ANSWERED_WITHIN_S
    ]
    in_time = sum(call.outcome is Outcome.OK and call.took_s <= ANSWERED_WITHIN_S for call in due)
    if in_time < KEEPS * len(due):
        run.violations.append(f"I11 {in_time} of {len(due)} registrations were answered in time without a broker")
    await kafka.start_node(node.node_id)
    await kafka.until_serving()
    await shown_again(run, CONSUMING_WITHIN_S + GONE_S * run.rounds, "the broker was gone")


async def wipe_the_broker(run: Run) -> None:
    """Take the broker's disk away with every topic and offset, and fill the topics again as an operator does."""
    kafka = run.office.servers.kafka
    (node,) = kafka.nodes
    since = datetime.now(UTC) - timedelta(hours=1)
    async with run.window("broker wiped", floor=20):
        await kafka.kill_node(node.node_id)
        await asyncio.to_thread(shutil.rmtree, node.data)
        await kafka.start_node(node.node_id)
        await kafka.until_serving()
        await create_topics(kafka.bootstrap)
    run.kills += 1
    run.wiped |= {topic.name for topic in TOPICS if topic.refill != "from outbox"}
    copies = len(run.history.of(Kind.REGISTER, Outcome.OK))
    for service in SERVICES:
        await _republish(run, service, since)
    run.copies += copies * len(SERVICES) * 10
    await shown_again(run, CONSUMING_WITHIN_S, "the topics were filled again")


async def _republish(run: Run, service: str, since: datetime) -> None:
    stack = run.office.stack
    names = {f"{name.upper()}_DATABASE_URL": urls.service for name, urls in stack.databases.items()}
    ring = {"PARCEL_KEY_RING_FILE": str(stack.folder / "key-ring.json")}
    command = ["republish", service, "--since", f"{since:%Y-%m-%dT%H:%M:%S}", "--current"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "onebox.ctcpost", *command, cwd=ROOT, env={**os.environ, **names, **ring}
    )
    try:
        assert await asyncio.wait_for(process.wait(), REPUBLISHED_WITHIN_S) == 0
    finally:
        if process.returncode is None:
            process.kill()


SCENARIOS = [
    Scenario("F5", "the broker restarted five times in a row", restart, workers=2),
    Scenario("F6", "the broker gone", miss_the_broker, workers=1),
    Scenario("F7", "the broker's disk wiped", wipe_the_broker, workers=2),
]

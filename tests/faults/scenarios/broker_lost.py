"""F5, F6 and F7: the broker is restarted, is gone for a while, comes back with an empty disk."""

import asyncio
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta

import asyncpg

from onebox.configuration import SERVICES
from onebox.simulator.history import Kind, Outcome
from onebox.simulator.traffic import Traffic
from shared.contracts.parcel import Contact, ParcelContactsV1
from shared.contracts.topics import TOPICS
from shared.messaging.topics import create_topics
from shared.sealing import KeyRing
from tests.faults.deeds import Clerk
from tests.faults.injectors.poison import Sample
from tests.faults.injectors.topics_by_hand import write, writer
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.addresses import ROOT
from tests.support.waiting import beside

NOBODY = Contact(name="Nobody Whatever", phone="+85510999999", language="en")

RESTARTS = 5
CONSUMING_WITHIN_S = 15.0
GONE_S, GONE_LONG_S = 12.0, 180.0
"""In CI and in the long form."""
CROWD, PEAK_S, BEFORE_S = 8, 4.0, 8.0
SHARE_OF_PEAK = 0.3
BAG_LIVES_S = 4.0
ANSWERED_WITHIN_S = 2.0
KEEPS = 0.95
LEAST_OFFERED = 0.8
"""Of the rate that is asked for: in a few seconds bags come by chance."""
STOPPED_WITHIN_S = 60.0
DRAINED_WITHIN_S = 120.0
REPUBLISHED_WITHIN_S = 60.0


async def restart(run: Run) -> None:
    """Restart the one broker in good order and hard, in turn, five times in a row."""
    kafka = run.office.servers.kafka
    (node,) = kafka.nodes
    for number in range(RESTARTS * run.rounds):
        hard = number % 2 == 1
        async with run.window(f"broker {'killed' if hard else 'stopped'}", floor=20, outage=True):
            await (kafka.kill_node(node.node_id) if hard else kafka.stop_node(node.node_id))
            await kafka.start_node(node.node_id)
            await kafka.until_serving()
        run.kills += hard
    await shown_again(run, CONSUMING_WITHIN_S, "the broker was restarted five times")


async def miss_the_broker(run: Run) -> None:
    """Offer a share of the peak before and while the broker is gone: intake goes on, its events go out later."""
    kafka = run.office.servers.kafka
    (node,) = kafka.nodes
    gone_s = GONE_S if run.rounds == 1 else GONE_LONG_S
    rate = SHARE_OF_PEAK * await _peak_per_s(run)
    async with beside(run.traffic.offer(lambda: rate, BAG_LIVES_S)):
        await asyncio.sleep(BAG_LIVES_S)
        before = await _answered_in_time(run, BEFORE_S, rate, "with a broker")
        await kafka.kill_node(node.node_id)
        run.kills += 1
        async with run.window("broker gone", outage=True):
            without = await _answered_in_time(run, gone_s, rate, "without a broker")
        run.must(without >= KEEPS * before, f"I11 {without:.2f} were answered without a broker, {before:.2f} with one")
        await kafka.start_node(node.node_id)
        await kafka.until_serving()
        await shown_again(run, CONSUMING_WITHIN_S + gone_s, "the broker was gone")


async def _peak_per_s(run: Run) -> float:
    """Return how many registrations a second clerks get done who never rest; nobody asks anything afterwards."""
    run.traffic.keep_busy(CROWD)
    before = run.traffic.done[Kind.REGISTER]
    await asyncio.sleep(PEAK_S)
    per_s = (run.traffic.done[Kind.REGISTER] - before) / PEAK_S
    await run.traffic.stop(STOPPED_WITHIN_S)
    run.traffic = Traffic(run.client, run.seed, run.office.network)
    return per_s


async def _answered_in_time(run: Run, for_s: float, rate: float, when: str) -> float:
    """Return the share of registrations due in the coming seconds that were answered in time; waits for all of them."""
    began_at, seen = time.monotonic(), len(run.history.calls)
    await asyncio.sleep(for_s + ANSWERED_WITHIN_S + 1)
    due = [
        call
        for call in run.history.calls[seen:]
        if call.kind is Kind.REGISTER and began_at <= call.due_at < began_at + for_s
    ]
    offered = {call.key for call in due}
    in_time = {call.key for call in due if call.outcome is Outcome.OK and call.took_s <= ANSWERED_WITHIN_S}
    told = (
        f"I11 {when} {len(in_time)} of {len(offered)} registrations were answered in time, {rate * for_s:.0f} were due"
    )
    run.must(len(offered) >= LEAST_OFFERED * rate * for_s and len(in_time) >= KEEPS * len(offered), told)
    return len(in_time) / max(1, len(offered))


async def wipe_the_broker(run: Run) -> None:
    """Take the broker's disk away with every topic and offset, and fill the topics again as an operator does."""
    kafka = run.office.servers.kafka
    (node,) = kafka.nodes
    corrected = (await Clerk(run).correct()).key
    wiped_at = datetime.now(UTC)
    async with run.window("broker wiped", floor=20, outage=True):
        await kafka.kill_node(node.node_id)
        await asyncio.to_thread(shutil.rmtree, node.data)
        await kafka.start_node(node.node_id)
        await kafka.until_serving()
        await create_topics(kafka.bootstrap)
    run.kills += 1
    run.wiped |= {topic.name for topic in TOPICS if topic.refill != "from outbox"}
    for service in SERVICES:
        until = datetime.now(UTC).replace(microsecond=0)
        run.copies += await _may_come_twice(run, service, wiped_at, until)
        await _republish(run, service, wiped_at - timedelta(hours=1), until)
    await shown_again(run, CONSUMING_WITHIN_S, "the topics were filled again")
    await _tell_older_contacts(run, corrected)


async def _may_come_twice(run: Run, service: str, wiped_at: datetime, until: datetime) -> int:
    """Count the events of a range that the topics made anew hold by now, or will before they are filled again."""
    connection = await asyncpg.connect(run.office.stack.databases[service].service, timeout=5)
    try:
        return int(
            await connection.fetchval(
                """
                select count(*) from outbox
                where topic = any($1::text[]) and created_at < $2 and (sent_at is null or sent_at >= $3)
                """,
                [topic.name for topic in TOPICS if topic.refill == "from outbox"],
                until,
                wiped_at,
            )
        )
    finally:
        await connection.close()


async def _tell_older_contacts(run: Run, number: str) -> None:
    """Tell the people of a parcel as they were before a correction, as a slow sender might: nobody may believe it."""
    ring = KeyRing.read(run.office.stack.folder / "key-ring.json")
    older = ParcelContactsV1(item_number=number, version=1, sender=NOBODY, recipient=NOBODY, link_secret="older")
    async with writer(run.office.stack.kafka) as producer:
        places = await write(producer, [Sample(older, ring).good()])
    run.planted |= dict.fromkeys(places, "")


async def _republish(run: Run, service: str, since: datetime, until: datetime) -> None:
    stack = run.office.stack
    names = {f"{name.upper()}_DATABASE_URL": urls.service for name, urls in stack.databases.items()}
    ring = {"PARCEL_KEY_RING_FILE": str(stack.folder / "key-ring.json")}
    since_until = ["--since", f"{since:%Y-%m-%dT%H:%M:%S}", "--until", f"{until:%Y-%m-%dT%H:%M:%S}"]
    command = ["republish", service, *since_until, "--current"]
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
    Scenario(
        "F6",
        "the broker gone",
        miss_the_broker,
        workers=2,
        answered_within_s=ANSWERED_WITHIN_S,
        drained_within_s=DRAINED_WITHIN_S,
    ),
    Scenario("F7", "the broker's disk wiped", wipe_the_broker, workers=2),
]

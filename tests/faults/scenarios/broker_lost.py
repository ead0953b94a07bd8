"""F5, F6 and F7: the broker is restarted, is gone for a while, comes back with an empty disk."""

import asyncio
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta

import asyncpg

from onebox.configuration import SERVICES
from shared.contracts.parcel import Contact, ParcelContactsV1
from shared.contracts.topics import TOPICS
from shared.messaging.topics import create_topics
from shared.sealing import KeyRing
from tests.faults.catching_up import backlog, to_read
from tests.faults.deeds import Clerk
from tests.faults.injectors.poison import Sample
from tests.faults.injectors.topics_by_hand import write, writer
from tests.faults.offered import ANSWERED_WITHIN_S, BAG_LIVES_S, KEEPS, answered_in_time, share_of_peak_per_s
from tests.faults.recovery import caught_up, relayed, shown_again
from tests.faults.recovery_bounds import CONSUMED, REBUILDS, REFILLED, RELAYED, RELAYS
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.addresses import ROOT
from tests.support.waiting import beside

NOBODY = Contact(name="Nobody Whatever", phone="+85510999999", language="en")

RESTARTS = 5
CONSUMING_WITHIN_S = CONSUMED.here
GONE_S, GONE_LONG_S = 12.0, 180.0
"""In CI and in the long form."""
BEFORE_S = 8.0
DRAINED_WITHIN_S = 120.0
REPUBLISHED_WITHIN_S = 60.0


async def stop_and_start(run: Run) -> None:
    """Restart the one broker in good order, five times in a row."""
    await _restart(run, hard=False)


async def kill_and_start(run: Run) -> None:
    """Restart the one broker hard, five times in a row."""
    await _restart(run, hard=True)


async def _restart(run: Run, *, hard: bool) -> None:
    kafka = run.office.servers.kafka
    (node,) = kafka.nodes
    for _ in range(RESTARTS * max(1, run.rounds // 2)):
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
    rate = await share_of_peak_per_s(run)
    async with beside(run.traffic.offer(lambda: rate, BAG_LIVES_S)):
        await asyncio.sleep(BAG_LIVES_S)
        before = await answered_in_time(run, BEFORE_S, rate, "with a broker")
        await kafka.kill_node(node.node_id)
        run.kills += 1
        async with run.window("broker gone", outage=True):
            without = await answered_in_time(run, gone_s, rate, "without a broker")
        run.must(without >= KEEPS * before, f"I11 {without:.2f} were answered without a broker, {before:.2f} with one")
        await kafka.start_node(node.node_id)
        await kafka.until_serving()
        back_at, waiting = time.monotonic(), await backlog(run.office.stack)
        needs_s = RELAYED.here * sum(map(len, waiting.values())) / RELAYS.here
        until = back_at + CONSUMING_WITHIN_S + needs_s
        await relayed(run, waiting, until - time.monotonic(), "the broker was gone")
        await shown_again(run, until - time.monotonic(), "the broker was gone")


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
    filled_at, waiting = time.monotonic(), await to_read(run.office.stack)
    await shown_again(run, CONSUMING_WITHIN_S, "the topics were filled again")
    read_by = filled_at + CONSUMING_WITHIN_S + REFILLED.here * waiting / REBUILDS.here
    await caught_up(run, read_by - time.monotonic(), "the topics were filled again")
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
    Scenario("F5", "the broker stopped in order five times in a row", stop_and_start, workers=2),
    Scenario("F5", "the broker killed five times in a row", kill_and_start, only_long=True, workers=2),
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

"""F15: every handler fails on one key, and on one alone: its events are put aside, all others go on."""

import asyncio
from contextlib import suppress
from functools import partial

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.failpoints import FAULTY_KEY
from shared.sealing import KeyRing
from tests.faults.injectors.poison import PutAsideBy, Sample
from tests.faults.injectors.topics_by_hand import write, writer
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.faults.scenarios.poison_in_the_topics import UNKNOWN, readers, samples
from tests.support.waiting import until

KEY = str(UNKNOWN["item_number"])
"""Of no parcel that there is: what the handlers would do with it, had they no defect, would be a violation."""
TIMES = 5
PAUSE_S = 0.5
PASSED_WITHIN_S = 10.0
SHOWN_WITHIN_S = 15.0


async def break_on_one_key(run: Run) -> None:
    """Tell every service now and then of the one key, while work on all others goes on in the same partitions."""
    ring = KeyRing.read(run.office.stack.folder / "key-ring.json")
    async with run.window("handlers fail on one key"), writer(run.office.stack.kafka) as producer:
        for _ in range(TIMES * run.rounds):
            for event_type, event in samples().items():
                if event.key == KEY:
                    (place,) = await write(producer, [Sample(event, ring).good()])
                    run.planted[place] = " ".join(readers(event_type, PutAsideBy.WHO_KNOWS_ITS_TYPE))
            await asyncio.sleep(PAUSE_S)
        await _all_passed(run)
        await shown_again(run, SHOWN_WITHIN_S, "handlers failed on one key")


async def _all_passed(run: Run) -> None:
    """Wait until every group has gone on behind what it put aside; a partition that stands still is a violation."""
    admin = AIOKafkaAdminClient(bootstrap_servers=run.office.stack.kafka.split(","))
    await admin.start()
    try:
        for place, services in run.planted.items():
            for service in services.split():
                passed = False
                with suppress(TimeoutError):
                    await until(partial(_has_passed, admin, service, place), PASSED_WITHIN_S)
                    passed = True
                run.must(passed, f"I10 {service} stands still at {place}")
    finally:
        await admin.close()


async def _has_passed(admin: AIOKafkaAdminClient, service: str, place: str) -> bool:
    topic, partition, offset = place.rsplit("/", 2)
    committed = await admin.list_consumer_group_offsets(service)
    found = committed.get(TopicPartition(topic, int(partition)))
    return found is not None and bool(found.offset > int(offset))


SCENARIOS = [
    Scenario("F15", "handlers fail on one key", break_on_one_key, workers=2, environment={FAULTY_KEY: KEY}),
]

"""F15: a record of ten megabytes: producer and broker refuse it; where a topic takes it, every reader puts it aside."""

import asyncio

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import MessageSizeTooLargeError, for_code

from shared.contracts.parcel import EVENTS_TOPIC
from shared.contracts.topics import TOPICS
from tests.faults.draining import hearers_of
from tests.faults.injectors.topics_by_hand import Written, write, writer
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario

RECORD_MB = 10
RECORD = Written(EVENTS_TOPIC, b"no number", b"x" * RECORD_MB * 1_000_000, [("type", b"parcel.registered.v1")])
ROOM_BYTES = 11_000_000
SHOWN_WITHIN_S = 15.0
WATCHED_S = 5.0


async def write_ten_megabytes(run: Run) -> None:
    """Try to write the record past a producer and past the broker, then let the topic take it."""
    bootstrap = run.office.stack.kafka
    async with (
        run.window("a record of ten megabytes", floor=20),
        writer(bootstrap) as careful,
        writer(bootstrap, ROOM_BYTES) as producer,
    ):
        for refused in (careful, producer):
            await _be_refused(run, refused)
        await _make_room(bootstrap)
        run.largest_record_mb = RECORD_MB
        for _ in range(run.rounds):
            (place,) = await write(producer, [RECORD])
            run.planted[place] = " ".join(hearers_of(EVENTS_TOPIC))
            # It is put aside in a moment; work is watched for longer, so that it is worth counting.
            shown = shown_again(run, SHOWN_WITHIN_S, "a record of ten megabytes was written")
            await asyncio.gather(shown, asyncio.sleep(WATCHED_S))


async def _be_refused(run: Run, producer: AIOKafkaProducer) -> None:
    refused = False
    try:
        await write(producer, [RECORD])
    except MessageSizeTooLargeError:
        refused = True
    run.must(refused, "I10 ten megabytes were taken, which is more than a topic of ours allows")


async def _make_room(bootstrap: str) -> None:
    """Let the topic take larger records; what is set replaces all that was set before."""
    before = next(topic.settings for topic in TOPICS if topic.name == EVENTS_TOPIC)
    wanted = {**before, "max.message.bytes": str(ROOM_BYTES)}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    await admin.start()
    try:
        (answer,) = await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, EVENTS_TOPIC, wanted)])
        for code, message, *_ in answer.resources:
            if code:
                raise for_code(code)(message)
    finally:
        await admin.close()


SCENARIOS = [Scenario("F15", "a record of ten megabytes", write_ten_megabytes, workers=2)]

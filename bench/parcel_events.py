"""A topic of parcel events as a busy hour makes them, and whether a group has taken all of it."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared import s10
from shared.clock import now
from shared.contracts.envelope import Event
from shared.contracts.parcel import EVENTS_TOPIC, ParcelCancelledV1, ParcelChangedV1, ParcelRegisteredV1
from shared.contracts.topics import TOPICS
from shared.ids import new_id
from shared.messaging.batches import pack
from shared.messaging.outbox import Outbox, Unsent

OFFICES = [f"TK{place:02}A" for place in range(1, 19)]
ONE_IN = 50
"""Of so many parcels one is corrected, which tracking passes by, and one is cancelled."""
SOON = 200
"""So many parcels later."""
AT_ONCE = 5_000
WITHIN_S = 1_200.0


def parcel_events(parcels: int, first: int = 0) -> Iterator[Event]:
    """Yield the registration of each parcel, and some corrections and cancellations soon after theirs."""
    chance = random.Random(first)
    moment = now() - timedelta(hours=1)
    for serial in range(first, first + parcels):
        yield ParcelRegisteredV1(
            item_number=item_number(serial),
            version=1,
            office=chance.choice(OFFICES),
            service=chance.choice(("parcel", "parcel", "ems", "small_packet")),
            destination_country="KH" if chance.random() < 0.9 else "KR",
            collecting_office=chance.choice(OFFICES),
            weight_g=chance.randrange(50, 20_000),
            registered_at=moment + timedelta(milliseconds=serial - first),
            link_secret_sha256=f"{chance.getrandbits(256):064x}",
        )
        earlier = serial - SOON
        if earlier >= first and earlier % ONE_IN == 0:
            yield ParcelChangedV1(item_number=item_number(earlier), version=2, changed="recipient")
        if earlier >= first and earlier % ONE_IN == 1:
            yield ParcelCancelledV1(
                item_number=item_number(earlier),
                version=2,
                office=OFFICES[0],
                cancelled_at=moment + timedelta(minutes=30),
            )


async def fill(kafka: str, parcels: int, first: int = 0) -> int:
    """Write the events of so many parcels into the parcel service's topic; returns how many they were."""
    outbox, events, written = Outbox("parcel"), parcel_events(parcels, first), 0
    partitions = {topic.name: topic.partitions for topic in TOPICS}
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, max_batch_size=131_072)
    await producer.start()
    try:
        while portion := list(islice(events, AT_ONCE)):
            rows = [Unsent(place, now().date(), outbox.row(event), 0, 0) for place, event in enumerate(portion)]
            for batch in pack(producer, rows, partitions, outbox.source):
                await producer.send_batch(batch.builder, batch.topic, partition=batch.partition)
            await producer.flush()
            written += len(rows)
    finally:
        await producer.stop()
    return written


def fresh_group(name: str) -> str:
    """Return a consumer group that has read nothing yet."""
    return f"{name}.{new_id()}"


async def until_taken(kafka: str, group: str, topic: str = EVENTS_TOPIC) -> float:
    """Wait until a group has committed the end of a topic; returns when that was, in monotonic seconds."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(_partitions(topic))]
        consumer.assign(places)
        async with asyncio.timeout(WITHIN_S):
            while await _left(consumer, places):
                await asyncio.sleep(0.002)
        return time.perf_counter()
    finally:
        await consumer.stop()


async def _left(consumer: AIOKafkaConsumer, places: Sequence[TopicPartition]) -> int:
    ends = await consumer.end_offsets(places)
    return sum([end - (await consumer.committed(place) or 0) for place, end in ends.items()])


def _partitions(topic: str) -> int:
    return next(known.partitions for known in TOPICS if known.name == topic)


def item_number(serial: int) -> str:
    """Return the number of one of the parcels."""
    return str(s10.ItemNumber("PD", 10_000_000 + serial, "KH"))

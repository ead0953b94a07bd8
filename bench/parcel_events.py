"""A topic of parcel events as a busy hour makes them, and whether a group has taken all of it."""

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import timedelta

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared import s10
from shared.clock import now
from shared.contracts.envelope import Event
from shared.contracts.parcel import EVENTS_TOPIC, ParcelCancelledV1, ParcelChangedV1, ParcelRegisteredV1
from shared.contracts.topics import TOPICS
from shared.ids import new_id
from shared.messaging.batches import pack
from shared.messaging.outbox import Outbox, Unsent
from shared.messaging.topics import create_topics

OFFICES = [f"TK{place:02}A" for place in range(1, 19)]
ONE_IN = 50
"""Of so many parcels one is corrected, which tracking passes by, and one is cancelled."""
SOON = 200
"""So many parcels later."""
WITHIN_S = 300.0


def parcel_events(parcels: int, seed: int = 1) -> Iterator[Event]:
    """Yield the registration of each parcel, and some corrections and cancellations soon after theirs."""
    chance = random.Random(seed)
    moment = now() - timedelta(hours=1)
    for serial in range(parcels):
        yield ParcelRegisteredV1(
            item_number=_number(serial),
            version=1,
            office=chance.choice(OFFICES),
            service=chance.choice(("parcel", "parcel", "ems", "small_packet")),
            destination_country="KH" if chance.random() < 0.9 else "KR",
            collecting_office=chance.choice(OFFICES),
            weight_g=chance.randrange(50, 20_000),
            registered_at=moment + timedelta(milliseconds=serial),
            link_secret_sha256=f"{chance.getrandbits(256):064x}",
        )
        earlier = serial - SOON
        if earlier >= 0 and earlier % ONE_IN == 0:
            yield ParcelChangedV1(item_number=_number(earlier), version=2, changed="recipient")
        if earlier >= 0 and earlier % ONE_IN == 1:
            yield ParcelCancelledV1(
                item_number=_number(earlier), version=2, office=OFFICES[0], cancelled_at=moment + timedelta(minutes=30)
            )


async def fill(kafka: str, parcels: int) -> int:
    """Write the events of so many parcels into the parcel service's topic; returns how many they were."""
    await create_topics(kafka)
    outbox = Outbox("parcel")
    rows = [Unsent(place, now().date(), outbox.row(event)) for place, event in enumerate(parcel_events(parcels))]
    partitions = {topic.name: topic.partitions for topic in TOPICS}
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, max_batch_size=131_072)
    await producer.start()
    try:
        for batch in pack(producer, rows, partitions, outbox.source):
            await producer.send_batch(batch.builder, batch.topic, partition=batch.partition)
        await producer.flush()
    finally:
        await producer.stop()
    return len(rows)


def fresh_group(name: str) -> str:
    """Return a consumer group that has read nothing yet."""
    return f"{name}.{new_id()}"


async def until_taken(kafka: str, group: str, events: int) -> float:
    """Wait until a group has committed the offsets of all events; returns when that was, in monotonic seconds."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(EVENTS_TOPIC, number) for number in range(_partitions())]
        consumer.assign(places)
        async with asyncio.timeout(WITHIN_S):
            while sum([await consumer.committed(place) or 0 for place in places]) < events:
                await asyncio.sleep(0.002)
        return time.perf_counter()
    finally:
        await consumer.stop()


def _partitions() -> int:
    return next(topic.partitions for topic in TOPICS if topic.name == EVENTS_TOPIC)


def _number(serial: int) -> str:
    return str(s10.ItemNumber("PD", 10_000_000 + serial, "KH"))

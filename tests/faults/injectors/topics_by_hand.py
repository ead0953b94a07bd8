"""Reading and writing topics as an outsider: every record as it is, copies of it, offsets set back."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from shared.contracts.topics import TOPICS
from shared.messaging import headers
from tests.support import any_header_name

LARGEST_BYTES = 2_000_000
READ_WITHIN_S = 60.0
COPIED = ("copied", b"by hand")
"""A header that tells copies from what services sent; they pass over headers that they do not know."""

Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Written:
    """A record as it is to stand in a topic; any partition if none is named."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None = None


def copy_of(record: "ConsumerRecord[bytes, bytes]") -> Written:
    """Return the same record once more."""
    return Written(record.topic, record.key, record.value, (*record.headers, COPIED), record.partition)


def is_copy(record: "ConsumerRecord[bytes, bytes]") -> bool:
    """Tell whether a record was written here."""
    return COPIED in record.headers


@asynccontextmanager
async def writer(bootstrap: str, largest_bytes: int = LARGEST_BYTES) -> AsyncIterator[AIOKafkaProducer]:
    """Open a way into the topics, for records of up to so many bytes."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        linger_ms=5,
        max_request_size=largest_bytes,
        max_batch_size=largest_bytes,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def write(producer: AIOKafkaProducer, records: Iterable[Written]) -> list[str]:
    """Write records in their order; returns where each stands, as `topic/partition/offset`."""
    sent = [await _send(producer, one) for one in records]
    return [f"{meta.topic}/{meta.partition}/{meta.offset}" for meta in await asyncio.gather(*sent)]


async def _send(producer: AIOKafkaProducer, one: Written) -> Any:
    if any_header_name.is_needed(one.headers):
        return await any_header_name.send(producer, one.topic, one.partition or 0, one.key, one.value, one.headers)
    return await producer.send(one.topic, one.value, one.key, one.partition, headers=list(one.headers))


@asynccontextmanager
async def reader(bootstrap: str) -> AsyncIterator[AIOKafkaConsumer]:
    """Open a view of all declared topics from their beginning, in nobody's group."""
    headers.read_any_name()
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", max_poll_records=5_000)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)])
        yield consumer
    finally:
        await consumer.stop()


async def all_records(bootstrap: str) -> "list[ConsumerRecord[bytes, bytes]]":
    """Return what stands in the topics now, each partition in order."""
    async with reader(bootstrap) as consumer, asyncio.timeout(READ_WITHIN_S):
        ends = await consumer.end_offsets(list(consumer.assignment()))
        found: list[ConsumerRecord[bytes, bytes]] = []
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            found += await more(consumer)
        return found


async def more(consumer: AIOKafkaConsumer) -> "list[ConsumerRecord[bytes, bytes]]":
    """Return the next records of a view."""
    fetched = await consumer.getmany(timeout_ms=200)
    return [record for records in fetched.values() for record in records]


async def set_back(bootstrap: str, group: str) -> None:
    """Set the offsets of a group to the beginning; none of its members may be there."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)]
        consumer.assign(places)
        await consumer.commit(dict.fromkeys(places, 0))
    finally:
        await consumer.stop()

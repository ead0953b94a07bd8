"""How many bytes the events of a database's parcels take in a topic, by our relay and by the rows alone."""

import asyncio
from collections.abc import Sequence

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from bench.drained import rows_per_s
from bench.ground import Ground
from onebox.postgres.databases import ServiceDatabase

SENT_WITHIN_S = 60.0
ROWS = "select event_id, key, type, event_time, traceparent, checksum, payload from outbox"
Headers = Sequence[tuple[str, bytes | None]]


async def relayed(ground: Ground, lent: ServiceDatabase) -> int:
    """Have the relay send all that the outbox holds to a topic of its own; returns the bytes of the records there."""
    topic = await ground.topic("bench.bytes")
    connection = await asyncpg.connect(lent.service_url)
    try:
        rows = int((await connection.execute("update outbox set topic = $1, sent_at = null", topic)).split()[-1])
    finally:
        await connection.close()
    await rows_per_s(ground, lent, "parcel", topic)
    return await _in_topic(ground.kafka, topic, rows)


async def of_rows(lent: ServiceDatabase) -> int:
    """Return the bytes of the records that carry the outbox's rows, a header for each column that consumers need."""
    connection = await asyncpg.connect(lent.service_url)
    try:
        return sum(_size(row["key"].encode(), row["payload"], _headers(row)) for row in await connection.fetch(ROWS))
    finally:
        await connection.close()


async def _in_topic(kafka: str, topic: str, records: int) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in await _partitions(consumer, topic)])
        sizes: list[int] = []
        async with asyncio.timeout(SENT_WITHIN_S):
            while len(sizes) < records:
                record = await consumer.getone()
                sizes.append(_size(record.key, record.value, record.headers))
        return sum(sizes)
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> Sequence[int]:
    await consumer._client.add_topic(topic)  # noqa: SLF001  # a consumer that subscribes would wait for a group
    return sorted(consumer.partitions_for_topic(topic) or ())


def _headers(row: asyncpg.Record) -> Headers:
    return [
        ("type", row["type"].encode()),
        ("id", str(row["event_id"]).encode()),
        ("time", row["event_time"].isoformat().encode()),
        ("source", b"parcel"),
        ("traceparent", row["traceparent"].encode()),
        ("checksum", row["checksum"].encode()),
    ]


def _size(key: bytes, value: bytes, headers: Headers) -> int:
    return int(DefaultRecordBatchBuilder.size_of(key, value, list(headers)))

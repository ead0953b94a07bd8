"""Reading a topic from its beginning to where it ended when the reading began, beside those who subscribe to it."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer

from shared.messaging import headers
from shared.messaging.decode import Record

START_WITHIN_S = 30.0
SILENT_AFTER_S = 30.0
LARGEST_PORTION = 5_000


async def read_back(bootstrap: str, topic: str) -> AsyncIterator[Sequence[Record]]:
    """Yield the records of a topic, those of a partition in their order; no group learns of it.

    Raises: a KafkaError, where no broker answers; TimeoutError, where it stops answering.
    """
    headers.read_any_name()
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap.split(","), auto_offset_reset="earliest", enable_auto_commit=False
    )
    try:
        async with asyncio.timeout(START_WITHIN_S):
            await consumer.start()
            ends = await consumer.end_offsets(consumer.assignment())
            left = {partition for partition, end in ends.items() if await consumer.position(partition) < end}
        while left:
            async with asyncio.timeout(SILENT_AFTER_S):
                while not (portion := await _next(consumer)):
                    pass
            yield portion
            left = {partition for partition in left if await consumer.position(partition) < ends[partition]}
    finally:
        await consumer.stop()


async def _next(consumer: AIOKafkaConsumer) -> Sequence[Record]:
    fetched = await consumer.getmany(timeout_ms=500, max_records=LARGEST_PORTION)
    return [record for records in fetched.values() for record in records]

"""Reading and writing topics as an outsider does, and a way to a broker that can be shut and opened."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.shared.messaging.notes import Sent
from tests.support import any_header_name

WITHIN_S = 15.0


async def read(bootstrap: str, topic: str, count: int) -> list[Sent]:
    """Return the first records of a topic, those of a partition in order; more than asked for if more are there."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in await partitions(consumer, topic)])
        found: list[Sent] = []
        async with asyncio.timeout(WITHIN_S):
            while len(found) < count:
                found += await _more(consumer)
        ends = await consumer.end_offsets(consumer.assignment())
        while sum(ends.values()) > len(found):
            found += await _more(consumer)
        return found
    finally:
        await consumer.stop()


def texts(sent: Sent) -> dict[str, str]:
    """Return the headers of a record as texts."""
    return {name: (value or b"").decode() for name, value in sent.headers}


async def _more(consumer: AIOKafkaConsumer) -> list[Sent]:
    fetched = await consumer.getmany(timeout_ms=200)
    return [
        Sent(one.topic, one.partition, one.offset, one.key, one.value, one.headers)
        for records in fetched.values()
        for one in records
    ]


async def partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client._wait_on_metadata(topic)
    return consumer.partitions_for_topic(topic) or set()


async def write(bootstrap: str, records: Sequence[Sent]) -> None:
    """Write records as they are, in one go."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=20, max_request_size=2_000_000)
    await producer.start()
    try:
        await asyncio.gather(*[await _send(producer, record) for record in records])
    finally:
        await producer.stop()


async def _send(producer: AIOKafkaProducer, one: Sent) -> Any:
    if any_header_name.is_needed(one.headers):
        return await any_header_name.send(producer, one.topic, one.partition, one.key, one.value, one.headers)
    return await producer.send(one.topic, one.value, one.key, partition=one.partition, headers=list(one.headers))


async def committed(bootstrap: str, group: str, topic: str) -> dict[int, int]:
    """Return the committed offset of each partition of which something was read."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in await partitions(consumer, topic)]
        consumer.assign(places)
        offsets = {place.partition: await consumer.committed(place) for place in places}
        return {number: offset for number, offset in offsets.items() if offset}
    finally:
        await consumer.stop()


@dataclass
class Door:
    """A port that leads to a broker while it is open; the way in only, for brokers tell clients their own address."""

    to: str
    port: int = 0
    knocks: int = 0
    _inside: list[asyncio.StreamWriter] = field(default_factory=list)
    _server: asyncio.Server | None = None

    async def open(self, *, answers: bool = True) -> None:
        """Let clients through from now on, or let them in and say nothing."""
        self._server = await asyncio.start_server(self._pass if answers else self._keep, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Let nobody in any more, and those who are in out."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        while self._inside:
            writer = self._inside.pop()
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _keep(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.knocks += 1
        self._inside.append(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = self.to.rpartition(":")
        other_reader, other_writer = await asyncio.open_connection(host, int(port))
        self.knocks += 1
        self._inside += [writer, other_writer]
        with suppress(ConnectionError):
            await asyncio.gather(_copy(reader, other_writer), _copy(other_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def door(bootstrap: str) -> AsyncIterator[Door]:
    """Give a way to the broker that is shut at first, on a port that nobody else listens on."""
    way = Door(bootstrap.split(",", maxsplit=1)[0])
    await way.open()
    await way.shut()
    try:
        yield way
    finally:
        await way.shut()

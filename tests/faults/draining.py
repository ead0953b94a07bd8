"""After a fault everything comes to rest: outboxes are empty, consumers have read all, messages have ended."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from onebox.configuration import SERVICES
from services.notifications.entrypoints.consumers import HANDLERS
from services.parcel.posting.entrypoints import consumers as parcel
from services.tracking.entrypoints import consumers as tracking
from shared.access import directory
from shared.contracts.topics import TOPICS
from tests.faults.invariants.log_and_topics import NO_SERVICE
from tests.faults.watch import OURS
from tests.system.stack import Stack

PAUSE_S = 0.25
UNSENT = "select count(*) from outbox where sent_at is null"
OPEN_MESSAGES = "select count(*) from message where state in ('waiting_contact', 'queued', 'sending')"
CORRECTIONS = "select count(*) from correction"
REPLAYING = "select count(*) from dead_letter where state = 'replaying'"
WAITING = {
    "parcel": (UNSENT, REPLAYING),
    "tracking": (UNSENT, REPLAYING),
    "notifications": (UNSENT, REPLAYING, OPEN_MESSAGES, CORRECTIONS),
}
PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}
HEARD: Mapping[str, set[str]] = {
    "parcel": {event.topic for event in parcel.handlers(NO_SERVICE)},
    "tracking": {event.topic for event in (*tracking.handlers(NO_SERVICE), *directory.EVENTS)},
    "notifications": {event.topic for event in (*HANDLERS, *directory.EVENTS)},
}


@dataclass(frozen=True, slots=True)
class Drained:
    """How long it took, and what still waited at the end."""

    took_s: float
    left: Sequence[str]


def hearers_of(topic: str) -> list[str]:
    """Return the services that read a topic."""
    return [service for service in SERVICES if topic in HEARD[service]]


async def drained(stack: Stack, within_s: float) -> Drained:
    """Wait until nothing waits any more, twice in a row: what one service sends gives another work."""
    began_at, calm, left = time.monotonic(), 0, ["never looked"]
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while calm < 2:
                left = await _waiting(stack)
                calm = 0 if left else calm + 1
                await asyncio.sleep(PAUSE_S)
    return Drained(time.monotonic() - began_at, left if calm < 2 else [])


async def _waiting(stack: Stack) -> list[str]:
    try:
        rows = [found for service in SERVICES if (found := await _rows(stack, service))]
        return rows or await _lags(stack.kafka)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as error:
        return [f"a server does not answer: {type(error).__name__}"]


async def _rows(stack: Stack, service: str) -> str:
    as_ours = {"application_name": OURS}
    connection = await asyncpg.connect(stack.databases[service].service, timeout=5, server_settings=as_ours)
    try:
        counts = [await connection.fetchval(query) for query in WAITING[service]]
    finally:
        await connection.close()
    return f"{counts[0]} events, {sum(counts[1:])} letters and messages in {service}" if any(counts) else ""


async def _lags(bootstrap: str) -> list[str]:
    async with clients(bootstrap) as (admin, consumer):
        lags = {service: await _lag(admin, consumer, service) for service in SERVICES}
    return [f"{records} records for {service}" for service, records in lags.items() if records]


async def _lag(admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, service: str) -> int:
    return await unread(admin, service, await ends_for(consumer, service))


async def ends_for(consumer: AIOKafkaConsumer, service: str) -> Mapping[TopicPartition, int]:
    """Return where the topics end by now that a service hears."""
    places = [TopicPartition(topic, number) for topic in HEARD[service] for number in range(PARTITIONS[topic])]
    ends: Mapping[TopicPartition, int] = await consumer.end_offsets(places)
    return ends


async def unread(admin: AIOKafkaAdminClient, service: str, ends: Mapping[TopicPartition, int]) -> int:
    """Return how many records before these ends a service has not committed."""
    committed = await admin.list_consumer_group_offsets(service)
    return sum(
        max(0, end - max(0, committed[place].offset if place in committed else 0)) for place, end in ends.items()
    )


@asynccontextmanager
async def clients(bootstrap: str) -> AsyncIterator[tuple[AIOKafkaAdminClient, AIOKafkaConsumer]]:
    """Ask a broker for ends and for what groups have committed while the block lasts."""
    async with AsyncExitStack() as opened:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","), request_timeout_ms=5_000)
        consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap.split(","), request_timeout_ms=5_000)
        opened.push_async_callback(admin.close)
        await admin.start()
        opened.push_async_callback(consumer.stop)
        await consumer.start()
        yield admin, consumer

"""P4: how fast tracking takes what the parcel service tells: decoded, checked, applied once, committed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from statistics import median

import asyncpg
from faststream import AckPolicy
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bench import projection_peer, projection_raw
from bench.ground import Ground
from bench.metric import Metric
from bench.parcel_events import fill, fresh_group, until_taken
from bench.rounds import Beside, Measurement, interleave
from onebox.postgres import databases
from onebox.postgres.databases import ServiceDatabase
from services.tracking.entrypoints import consumers
from services.tracking.main import MIGRATIONS, NAME
from services.tracking.settings import TrackingSettings
from shared.access import directory
from shared.contracts.envelope import Event
from shared.db.connection import Database
from shared.messaging.broker import Subscription, connect
from shared.messaging.consume import Consumer, Handler
from shared.messaging.decode import Record
from shared.messaging.measures import Measures
from shared.web.service import Plan, assemble
from tests.support.topics import emptied

PARCELS = 20_000
PEER_EVENTS = 2_000
SINGLY = "FastStream, one message at a time as in its tutorial"
WITHIN_S = 300.0


class Timed(Consumer):
    """The consumer of the service; notes when it began and how far it came."""

    began: float = 0
    applied: int = 0

    async def apply(self, records: Sequence[Record]) -> None:
        """Apply a batch."""
        self.began = self.began or time.perf_counter()
        await super().apply(records)
        self.applied += len(records)

    async def until(self, events: int) -> None:
        """Wait until so many events are applied; their offsets are still to be committed."""
        async with asyncio.timeout(WITHIN_S):
            while self.applied < events:
                await asyncio.sleep(0.002)


async def ours(ground: Ground, lent: ServiceDatabase, events: int) -> float:
    """Return the events per second of tracking's own consumer, from its first batch to its last commit."""
    database = await Database.open(lent.service_url, pool_size=8, application="bench")
    group, measures = fresh_group(NAME), Measures(CollectorRegistry())
    consumer = Timed(group, database, _handlers(lent, database), measures)
    subscription = Subscription(connect(ground.kafka, NAME), consumer, measures)
    running = asyncio.create_task(subscription.run())
    try:
        await consumer.until(events)
        taken_at = await until_taken(ground.kafka, group)
        return events / (taken_at - consumer.began)
    finally:
        running.cancel()
        await asyncio.wait([running])
        await database.close()


def _handlers(lent: ServiceDatabase, database: Database) -> Mapping[type[Event], Handler]:
    settings = TrackingSettings(database_url=SecretStr(lent.service_url))
    plan = Plan(NAME, NAME, settings, MIGRATIONS, routers=[], handlers=consumers.handlers)
    return {**dict.fromkeys(directory.EVENTS, directory.keep), **consumers.handlers(assemble(plan, database, database))}


async def raw(ground: Ground, lent: ServiceDatabase, events: int) -> float:
    """Return the events per second of the loop written by hand, measured alike."""
    group = fresh_group(NAME)
    began = await projection_raw.take(lent.service_url, ground.kafka, group, events)
    return events / (await until_taken(ground.kafka, group) - began)


class Projection:
    """Both sides on fresh tables; checks after each run that the tables hold the same."""

    def __init__(self, ground: Ground, events: int) -> None:
        self._ground = ground
        self._events = events
        self._tables: dict[str, str] | None = None

    async def run(self, side: Callable[[Ground, ServiceDatabase, int], Awaitable[float]]) -> float:
        """Run one side once."""
        async with self._ground.database(NAME) as lent:
            rate = await side(self._ground, lent, self._events)
            tables = await _digests(databases.url_of(self._ground.postgres_url, lent.name))
            self._tables = self._tables or tables
            assert tables == self._tables, f"{tables} differ from {self._tables}"
            return rate


async def measure(ground: Ground) -> Measurement:
    """Measure ours against raw, then the peer under both policies."""
    await emptied(ground.kafka)
    projection = Projection(ground, await fill(ground.kafka, PARCELS))
    rounds = await interleave(partial(projection.run, ours), partial(projection.run, raw), ground.rounds)
    reached = median(one.ours for one in rounds)
    durably = await one_at_a_time(ground, AckPolicy.NACK_ON_ERROR)
    by_default = await one_at_a_time(ground, AckPolicy.ACK_FIRST)
    return Measurement(
        rounds,
        [
            Beside(f"{SINGLY}, each acknowledged once it is committed, as ours", durably, reached / durably, 12),
            Beside(f"{SINGLY}, acknowledged before, its default", by_default, reached / by_default),
        ],
    )


async def one_at_a_time(ground: Ground, policy: AckPolicy) -> float:
    """Return the events per second of FastStream's own way."""
    async with ground.database(NAME) as lent:
        database = await Database.open(lent.service_url, pool_size=8, application="bench")
        try:
            return await projection_peer.take(database, ground.kafka, fresh_group("peer"), PEER_EVENTS, policy)
        finally:
            await database.close()


METRIC = Metric(
    name="P4",
    sentence="events of the parcel service applied by tracking",
    raw="a loop of aiokafka and asyncpg written by hand that does the same and writes the same rows",
    unit="/s",
    must=0.85,
    aim=1.0,
    measure=measure,
    code=("shared", "services/tracking"),
)

DIGESTS = {
    "inbox": "select event_id::text as line from inbox",
    "scan": "select (to_jsonb(scan) - 'received_at')::text as line from scan",
    "journey": "select to_jsonb(journey)::text as line from journey",
    "outbox": """
        select concat_ws(' ', topic, key, type,
            convert_from(payload, 'UTF8')::jsonb - 'event_id' - 'time') as line from outbox
    """,
}
"""What both sides must have written, without ids and times that no two runs share."""


async def _digests(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        return {
            table: await connection.fetchval(
                f"select count(*) || ' ' || md5(string_agg(line, '|' order by line)) from ({lines}) as t"
            )
            for table, lines in DIGESTS.items()
        }
    finally:
        await connection.close()

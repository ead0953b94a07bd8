"""P3: how fast the outbox empties: rows read, sent, acknowledged by the broker and marked.

Both sides wait for the flush of their marks, as the peers do. Production does not: that is measured too, on both sides,
and stands beside.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from statistics import median
from unittest.mock import patch

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from prometheus_client import CollectorRegistry

from bench import queue_peers
from bench.ground import Ground
from bench.metric import Metric
from bench.rounds import Beside, Measurement, Round, interleave
from onebox.postgres import databases
from shared.messaging.broker import connect
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from shared.messaging.relay import SETTINGS, Relay

ROWS = 60_000
"""Three seconds of work: half as many left the raw side's figures too far apart to judge by."""
KEYS = 5_000
BATCH = 500
PAYLOAD_BYTES = 400
WITHIN_S = 120.0
SOURCE = "tracking"
PEER = "faststream-outbox"
MUST = 0.85
IN_PRODUCTION = SETTINGS["synchronous_commit"]


@dataclass(frozen=True, slots=True)
class Full:
    """An outbox that holds rows, and the topic that they are for."""

    url: str
    admin_url: str
    kafka: str
    topic: str


@asynccontextmanager
async def full_outbox(ground: Ground) -> AsyncIterator[Full]:
    """Lend a fresh outbox with rows; checks at the end that every row was sent once and marked."""
    topic = await ground.topic("bench.events")
    async with ground.database(SOURCE) as lent:
        full = Full(lent.service_url, databases.url_of(ground.postgres_url, lent.name), ground.kafka, topic)
        await _fill(full)
        yield full
        await _check(full)


async def ours(ground: Ground) -> float:
    """Return the rows per second of the relay, from the moment it leads."""
    async with full_outbox(ground) as full:
        measures = Measures(CollectorRegistry())
        relay = Relay(full.url, Outbox(SOURCE), partial(connect, full.kafka, "bench"), measures)
        running = asyncio.create_task(relay.run())
        try:
            async with asyncio.timeout(WITHIN_S):
                while not relay.leads:
                    await asyncio.sleep(0.001)
                started = time.perf_counter()
                while measures.events_sent.labels(full.topic)._value.get() < ROWS:  # noqa: SLF001  # it has no getter
                    await asyncio.sleep(0.001)
                return ROWS / (time.perf_counter() - started)
        finally:
            running.cancel()
            await asyncio.wait([running])


async def raw(ground: Ground) -> float:
    """Return the rows per second of a loop written by hand that does the same and nothing else."""
    async with full_outbox(ground) as full:
        connection = await asyncpg.connect(full.url, server_settings=SETTINGS)
        producer = AIOKafkaProducer(
            bootstrap_servers=full.kafka, acks="all", enable_idempotence=True, linger_ms=0, max_batch_size=131_072
        )
        await producer.start()
        try:
            started = time.perf_counter()
            last_id = 0
            while rows := await connection.fetch(SELECT, last_id, BATCH):
                answers = [
                    await producer.send(row["topic"], row["payload"], row["key"].encode(), headers=_headers(row))
                    for row in rows
                ]
                await asyncio.gather(*answers)
                days = [row["created_on"] for row in rows]
                await connection.execute(MARK, min(days), max(days), [row["id"] for row in rows])
                last_id = rows[-1]["id"]
            return ROWS / (time.perf_counter() - started)
        finally:
            await producer.stop()
            await connection.close()


SELECT = """
    select created_on, id, event_id, topic, key, type, event_time, traceparent, checksum, payload
    from outbox where sent_at is null and id > $1 order by id limit $2
"""
MARK = "update outbox set sent_at = now() where created_on between $1 and $2 and id = any($3::bigint[])"


def _headers(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    return [
        ("type", row["type"].encode()),
        ("id", str(row["event_id"]).encode()),
        ("time", row["event_time"].isoformat().encode()),
        ("source", SOURCE.encode()),
        ("traceparent", row["traceparent"].encode()),
        ("checksum", row["checksum"].encode()),
    ]


async def _marking(commit: str, side: Callable[[Ground], Awaitable[float]], ground: Ground) -> float:
    """Run a side with a `synchronous_commit` of its marks; the relay reads its settings with each term."""
    with patch.dict(SETTINGS, synchronous_commit=commit):
        return await side(ground)


async def _rounds(ground: Ground, commit: str) -> list[Round]:
    print(f"  marks with synchronous_commit={commit}")
    return await interleave(
        partial(_marking, commit, ours, ground), partial(_marking, commit, raw, ground), ground.rounds
    )


async def measure(ground: Ground) -> Measurement:
    """Measure ours against raw, both as durable as the peers and both as in production, then the peers."""
    rounds = await _rounds(ground, "on")
    unwaited = Measurement(await _rounds(ground, IN_PRODUCTION))
    reached = median(one.ours for one in rounds)
    outbox = await queue_peers.faststream_outbox_rates(ground)
    best, rate = max(outbox.items(), key=itemgetter(1))
    jobs, tasks = await queue_peers.pgqueuer(ground), await queue_peers.procrastinate(ground)
    return Measurement(
        rounds,
        [
            Beside(f"{PEER} to Kafka, best of {len(outbox)} settings: {best}", rate, reached / rate, aim_times=10),
            Beside("PgQueuer, jobs that do nothing", jobs, reached / jobs),
            Beside("procrastinate, tasks that do nothing", tasks, reached / tasks),
        ],
        details=_told(unwaited) | {f"{PEER}, {setting}, a second": rate for setting, rate in outbox.items()},
        shortfalls=_short(unwaited),
    )


def _told(unwaited: Measurement) -> dict[str, float | str]:
    low, high = unwaited.interval
    setting = f"both with synchronous_commit={IN_PRODUCTION}, as in production"
    return {
        "synchronous_commit of the marks": "on, on both sides",
        setting: f"{unwaited.ratio:.2f}, {low:.2f} to {high:.2f}",
        "ours then, a second": median(one.ours for one in unwaited.rounds),
        "raw then, a second": median(one.raw for one in unwaited.rounds),
        "raw then varies": f"{unwaited.raw_spread:.0%}",
    }


def _short(unwaited: Measurement) -> list[str]:
    low, _ = unwaited.interval
    return [f"{low:.2f} as in production"] if unwaited.judged and low < MUST else []


METRIC = Metric(
    name="P3",
    sentence="outbox rows sent, acknowledged and marked by the relay",
    raw=f"a loop of asyncpg and aiokafka that reads {BATCH} rows, sends them and marks them",
    unit="/s",
    must=MUST,
    aim=1.0,
    measure=measure,
    code=("shared",),
)


async def _fill(full: Full) -> None:
    connection = await asyncpg.connect(full.admin_url)
    try:
        await connection.execute(
            """
            insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload)
            select gen_random_uuid(), $1, 'PD' || (n % $3), 'parcel.moved.v1', now(),
                '00-' || md5(n::text) || '-' || left(md5(n::text), 16) || '-00', md5(n::text),
                convert_to(rpad('{"n": ' || n, $4, 'x'), 'UTF8')
            from generate_series(1, $2) as n
            """,
            full.topic,
            ROWS,
            KEYS,
            PAYLOAD_BYTES,
        )
        await connection.execute("vacuum analyze outbox")
    finally:
        await connection.close()


async def _check(full: Full) -> None:
    """Raises: AssertionError, where a row was not marked or the topic holds more or fewer records than rows."""
    connection = await asyncpg.connect(full.admin_url)
    try:
        assert await connection.fetchval("select count(*) from outbox where sent_at is null") == 0
    finally:
        await connection.close()
    consumer = AIOKafkaConsumer(bootstrap_servers=full.kafka)
    await consumer.start()
    try:
        ends = await consumer.end_offsets([TopicPartition(full.topic, number) for number in range(12)])
        assert sum(ends.values()) == ROWS
    finally:
        await consumer.stop()

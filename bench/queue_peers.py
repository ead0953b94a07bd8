"""Peers of the relay: what other libraries take out of a PostgreSQL table in a second, each on its natural work.

Each has half as many rows as the relay, or as it takes in half a minute; its clock starts when its first row is
handled, so that no start is counted.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import asyncpg

from bench.ground import Ground

ROWS = 30_000
TASKS = 10_000
"""For procrastinate, which takes half a minute for them; it is the slower the more wait."""
PAYLOAD_BYTES = 400
LONGEST_S = 30.0
"""After which the rows that are done by then give the rate."""
BEGINS_WITHIN_S = 60.0
LOOK_EVERY_S = 0.02
BESIDE_WORKERS = 4
"""Connections of faststream-outbox that fetch, and to spare."""


@dataclass(frozen=True, slots=True)
class OutboxSetting:
    """A setting of faststream-outbox; the first below is its default."""

    workers: int
    fetch: int
    flush: int

    def __str__(self) -> str:
        return f"{self.workers} workers, fetch {self.fetch}, flush {self.flush}"


OUTBOX_SETTINGS = (
    OutboxSetting(1, 10, 1),
    OutboxSetting(4, 100, 100),
    OutboxSetting(16, 500, 100),
    OutboxSetting(32, 500, 100),
    OutboxSetting(64, 1000, 200),
    OutboxSetting(64, 4000, 800),
    OutboxSetting(128, 1000, 200),
    OutboxSetting(128, 4000, 800),
)
"""The last three go beyond what helped most. A worker keeps a connection: of those there are two hundred."""


FILL = "insert into peer_outbox (queue, payload) select 'rows', $2 from generate_series(1, $1)"


async def faststream_outbox_rates(ground: Ground) -> dict[OutboxSetting, float]:
    """Return the rows per second of faststream-outbox's relay to Kafka, by its setting."""
    return {setting: await faststream_outbox(ground, setting) for setting in OUTBOX_SETTINGS}


async def faststream_outbox(ground: Ground, setting: OutboxSetting) -> float:
    """Return the rows per second that one setting relays, as the library's quickstart shows."""
    from faststream.kafka import KafkaBroker
    from faststream_outbox import OutboxBroker, make_outbox_table
    from sqlalchemy import MetaData
    from sqlalchemy.ext.asyncio import create_async_engine

    topic, metadata = await ground.topic("bench.peer"), MetaData()
    table = make_outbox_table(metadata, table_name="peer_outbox")
    async with ground.database("tracking") as lent:
        url = lent.owner_url.replace("postgresql://", "postgresql+asyncpg://")
        engine = create_async_engine(url, pool_size=setting.workers + BESIDE_WORKERS)
        first = asyncio.Event()
        kafka = KafkaBroker(ground.kafka, acks="all", enable_idempotence=True, logger=None)
        broker = OutboxBroker(engine, outbox_table=table, logger=None)
        _relay(broker, kafka.publisher(topic), setting, first)
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        await _fill(lent.owner_url, FILL)
        await kafka.connect()
        try:
            return await _timed(lent.owner_url, "from peer_outbox", broker.start, first)
        finally:
            await broker.stop()
            await kafka.stop()
            await engine.dispose()


def _relay(broker: Any, publisher: Any, setting: OutboxSetting, first: asyncio.Event) -> None:
    from faststream import AckPolicy

    async def relay(body: bytes) -> bytes:
        first.set()
        return body

    subscriber = broker.subscriber(
        "rows",
        max_workers=setting.workers,
        fetch_batch_size=setting.fetch,
        terminal_flush_batch_size=setting.flush,
        min_fetch_interval=0.01,
        ack_policy=AckPolicy.NACK_ON_ERROR,
    )
    publisher(subscriber(relay))


async def pgqueuer(ground: Ground) -> float:
    """Return the jobs per second that PgQueuer runs where a job does nothing."""
    from pgqueuer import PgQueuer
    from pgqueuer.types import QueueExecutionMode

    async with ground.database("tracking") as lent:
        connection, first = await asyncpg.connect(lent.owner_url), asyncio.Event()
        queuer = PgQueuer.from_asyncpg_connection(connection)
        assert queuer.queries is not None
        await queuer.queries.install()

        @queuer.entrypoint("nothing")  # type: ignore[untyped-decorator]  # not installed for checks
        async def nothing(_job: object) -> None:
            first.set()

        payload = b"x" * PAYLOAD_BYTES
        await queuer.queries.enqueue(["nothing"] * ROWS, [payload] * ROWS, [0] * ROWS)
        run = partial(queuer.qm.run, batch_size=500, mode=QueueExecutionMode.drain)
        try:
            return await _timed(lent.owner_url, "from pgqueuer", run, first)
        finally:
            await connection.close()


async def procrastinate(ground: Ground) -> float:
    """Return the jobs per second that procrastinate runs where a job does nothing."""
    from procrastinate import App, PsycopgConnector

    async with ground.database("tracking") as lent:
        app, first = App(connector=PsycopgConnector(conninfo=lent.owner_url)), asyncio.Event()

        @app.task  # type: ignore[untyped-decorator]  # not installed for checks
        async def nothing(**_told: str) -> None:
            first.set()

        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            told: list[Any] = [{"text": "x" * PAYLOAD_BYTES}] * TASKS
            await nothing.batch_defer_async(*told)
            run = partial(app.run_worker_async, wait=False, concurrency=32, install_signal_handlers=False)
            undone = "from procrastinate_jobs where status in ('todo', 'doing')"
            return await _timed(lent.owner_url, undone, run, first, rows=TASKS)


async def _fill(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement, ROWS, b"x" * PAYLOAD_BYTES)
    finally:
        await connection.close()


async def _timed(
    url: str, undone: str, work: Callable[[], Awaitable[object]], first: asyncio.Event, rows: int = ROWS
) -> float:
    """Have a peer work; returns the rows a second that are done from its first one on, over half a minute at most."""
    connection = await asyncpg.connect(url)
    # As the relay's outbox is: what has just been filled is planned for as what it is.
    await connection.execute("vacuum analyze")
    working = asyncio.ensure_future(work())
    try:
        async with asyncio.timeout(BEGINS_WITHIN_S):
            await first.wait()
        began = time.perf_counter()
        while await connection.fetchval(f"select exists (select {undone})"):
            if time.perf_counter() - began > LONGEST_S:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        lasted_s = time.perf_counter() - began
        return (rows - int(await connection.fetchval(f"select count(*) {undone}"))) / lasted_s
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        await connection.close()

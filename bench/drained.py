"""How fast the relay empties an outbox that is full from the start."""

import asyncio
import time
from contextlib import suppress
from functools import partial

import asyncpg
from prometheus_client import CollectorRegistry

from bench.ground import Ground
from onebox.postgres.databases import ServiceDatabase
from shared.messaging.broker import connect
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from shared.messaging.relay import Relay

WITHIN_S = 120.0
PAUSE_S = 0.005


async def rows_per_s(ground: Ground, lent: ServiceDatabase, source: str) -> float:
    """Have the relay of a service send all unsent rows of a database; returns the rate since it leads."""
    connection = await asyncpg.connect(lent.service_url)
    measures = Measures(CollectorRegistry())
    relay = Relay(lent.service_url, Outbox(source), partial(connect, ground.kafka, "bench"), measures)
    rows = await connection.fetchval("select count(*) from outbox where sent_at is null")
    relaying = asyncio.create_task(relay.run())
    try:
        async with asyncio.timeout(WITHIN_S):
            while not relay.leads:
                await asyncio.sleep(PAUSE_S)
            began = time.perf_counter()
            while await connection.fetchval("select exists (select from outbox where sent_at is null)"):
                await asyncio.sleep(PAUSE_S)
        return float(rows) / (time.perf_counter() - began)
    finally:
        relaying.cancel()
        with suppress(asyncio.CancelledError):
            await relaying
        await connection.close()

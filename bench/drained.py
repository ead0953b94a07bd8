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


async def rows_per_s(ground: Ground, lent: ServiceDatabase, source: str, topic: str) -> float:
    """Have the relay of a service send all unsent rows of a database, of one topic; returns the rate since it leads.

    The relay's own count tells when they are sent: to look for unsent rows meanwhile, past all that are marked since,
    took half of its rate.
    """
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
            while measures.events_sent.labels(topic)._value.get() < rows:  # noqa: SLF001  # it has no getter
                await asyncio.sleep(PAUSE_S)
        return float(rows) / (time.perf_counter() - began)
    finally:
        relaying.cancel()
        with suppress(asyncio.CancelledError):
            await relaying
        await connection.close()

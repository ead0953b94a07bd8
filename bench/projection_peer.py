"""A peer of P4: FastStream as its tutorial shows, one message at a time, doing the same work.

One message is one transaction; the tables are those of tracking. By its default FastStream acknowledges before it
handles, at most once; what outlives a crash as ours does acknowledges each message once it is handled.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from services.tracking.use_cases.cancel_journeys import cancel_journeys
from services.tracking.use_cases.open_journeys import open_journeys
from shared.clock import now
from shared.contracts.parcel import EVENTS_TOPIC, ParcelCancelledV1, ParcelRegisteredV1
from shared.db.connection import Database, Tx
from shared.messaging import inbox
from shared.messaging.outbox import Outbox, checksum_of

WITHIN_S = 300.0

Apply = Callable[[Tx, Outbox, Any, Any], Awaitable[None]]
TYPES: dict[str, tuple[type[Any], Apply]] = {
    ParcelRegisteredV1.type: (ParcelRegisteredV1, open_journeys),
    ParcelCancelledV1.type: (ParcelCancelledV1, cancel_journeys),
}


async def take(database: Database, kafka: str, group: str, events: int, policy: AckPolicy) -> float:
    """Return how many messages a second are applied, over so many after the first."""
    broker, outbox, moments = KafkaBroker(kafka, logger=None), Outbox("tracking"), list[float]()
    enough = asyncio.Event()

    @broker.subscriber(EVENTS_TOPIC, group_id=group, auto_offset_reset="earliest", ack_policy=policy)
    async def on_message(message: KafkaMessage) -> None:
        moments.append(time.perf_counter())
        await _apply(database, outbox, message)
        if len(moments) > events:
            enough.set()

    await broker.start()
    try:
        async with asyncio.timeout(WITHIN_S):
            await enough.wait()
        return events / (moments[events] - moments[0])
    finally:
        await broker.stop()


async def _apply(database: Database, outbox: Outbox, message: Any) -> None:
    headers, key, body = message.headers, message.raw_message.key.decode(), message.body
    if checksum_of(headers["type"], headers["id"], key, body) != headers["checksum"]:
        raise ValueError("damaged")
    if headers["type"] not in TYPES:
        return
    event_type, apply = TYPES[headers["type"]]
    event = event_type.model_validate_json(body)
    async with database.transaction() as tx:
        if await inbox.keep_new(tx, [event.event_id]):
            await apply(tx, outbox, [event], now())

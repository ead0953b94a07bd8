"""Relays of a database, and what its outbox says."""

import gc
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial

from prometheus_client import CollectorRegistry

from onebox.postgres.databases import ServiceDatabase
from shared.contracts.envelope import Event
from shared.db.connection import Database
from shared.messaging.broker import connect
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from shared.messaging.relay import Relay
from tests.shared.messaging.notes import figure
from tests.support.waiting import beside, until

UNSENT = "select count(*) from outbox where sent_at is null"


def relay_of(lent: ServiceDatabase, bootstrap: str, box: Outbox | None = None) -> Relay:
    return Relay(
        lent.service_url,
        box or Outbox("tracking"),
        partial(connect, bootstrap, "tests"),
        Measures(CollectorRegistry()),
    )


async def tell(database: Database, events: Iterable[Event], box: Outbox | None = None) -> None:
    async with database.transaction() as tx:
        await (box or Outbox("tracking")).append(tx, list(events))


async def until_sent(database: Database, left: int = 0, *, at_most: bool = False) -> None:
    async def sent() -> bool:
        unsent = await figure(database, UNSENT)
        return unsent <= left if at_most else unsent == left

    await until(sent)


@asynccontextmanager
async def relaying(relay: Relay) -> AsyncIterator[Relay]:
    async with beside(relay.run()):
        yield relay


class Complaints(logging.Handler):
    """What asyncio says about tasks, futures and connections that nobody looked after."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@asynccontextmanager
async def complaints() -> AsyncIterator[list[str]]:
    """Collect complaints of a block, and of the garbage it leaves."""
    heard, logger = Complaints(), logging.getLogger("asyncio")
    logger.addHandler(heard)
    try:
        yield heard.texts
        gc.collect()
    finally:
        logger.removeHandler(heard)

"""What waits at one moment, in outboxes and in topics, and when it is gone though work goes on behind it."""

import asyncio
from collections.abc import Mapping

import asyncpg
from aiokafka.errors import KafkaError

from onebox.configuration import SERVICES
from tests.faults.draining import clients, ends_for, unread
from tests.system.stack import Stack

PAUSE_S = 0.1
NOT_YET = (OSError, TimeoutError, KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a server answers that is not back."""


async def backlog(stack: Stack) -> Mapping[str, list[int]]:
    """Return the outbox rows of each service that wait now, by their ids."""
    return {service: await _unsent(stack, service, None) for service in SERVICES}


async def to_read(stack: Stack) -> int:
    """Return how many records the topics hold, each counted for every service that hears it."""
    async with clients(stack.kafka) as (_, consumer):
        return sum([sum((await ends_for(consumer, service)).values()) for service in SERVICES])


async def until_sent(stack: Stack, waiting: Mapping[str, list[int]]) -> None:
    """Wait until rows that waited are sent."""
    for service, ids in waiting.items():
        while await _unsent(stack, service, ids):
            await asyncio.sleep(PAUSE_S)


async def until_caught_up(stack: Stack) -> None:
    """Wait until the events that wait now are sent, and the records that then are in the topics are read."""
    while True:
        try:
            await until_sent(stack, await backlog(stack))
            async with clients(stack.kafka) as (admin, consumer):
                ends = {service: await ends_for(consumer, service) for service in SERVICES}
                for service in SERVICES:
                    while await unread(admin, service, ends[service]):
                        await asyncio.sleep(PAUSE_S)
            return
        except NOT_YET:
            await asyncio.sleep(PAUSE_S)


async def _unsent(stack: Stack, service: str, among: list[int] | None) -> list[int]:
    connection = await asyncpg.connect(stack.databases[service].service, timeout=5)
    try:
        rows = await connection.fetch(
            "select id from outbox where sent_at is null and ($1::bigint[] is null or id = any($1))", among
        )
    finally:
        await connection.close()
    return [row["id"] for row in rows]

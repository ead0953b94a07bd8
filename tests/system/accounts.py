"""What the three databases say after a run, and waiting until they say it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import asyncpg

from tests.system.stack import Stack


async def count(stack: Stack, service: str, query: str) -> int:
    """Return the one figure of a query against a service's database."""
    connection = await asyncpg.connect(stack.databases[service].service)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def until(figure: Callable[[], Awaitable[int]], expected: int, within_s: float) -> int:
    """Wait for a figure; returns it as it is at the end of the wait."""
    deadline = time.monotonic() + within_s
    while (found := await figure()) != expected and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    return found

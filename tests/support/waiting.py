"""Waiting for what happens elsewhere, with a limit; running something beside a test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

WITHIN_S = 15.0


async def until(holds: Callable[[], Awaitable[object]], within_s: float = WITHIN_S) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(within_s):
        while not await holds():
            await asyncio.sleep(0.01)


async def until_true(holds: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Wait until a condition holds that needs no waiting itself."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def beside(work: Coroutine[object, object, object]) -> AsyncIterator[asyncio.Task[object]]:
    """Run something beside a block and cancel it at the end."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

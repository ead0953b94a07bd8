"""Waiting for a moment of the monotonic clock, unless everything is to stop before."""

import asyncio
import time


async def until(moment: float, stopping: asyncio.Event) -> None:
    """Return at that moment, or at once when stopping."""
    rest_s = moment - time.monotonic()
    if rest_s > 0 and not stopping.is_set():
        try:
            async with asyncio.timeout(rest_s):
                await stopping.wait()
        except TimeoutError:
            return

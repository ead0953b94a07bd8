"""Waiting that ends early when everything is to stop."""

import asyncio
import time

from onebox.simulator import pause


async def test_a_pause_ends_at_its_moment() -> None:
    began = time.monotonic()
    await pause.until(began + 0.1, asyncio.Event())

    assert time.monotonic() - began >= 0.1


async def test_stopping_ends_a_pause() -> None:
    stopping = asyncio.Event()
    waiting = asyncio.create_task(pause.until(time.monotonic() + 60, stopping))
    stopping.set()

    async with asyncio.timeout(5):
        await waiting

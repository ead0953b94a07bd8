"""Steps that repeat for the life of a service: again at once while there is work, else after a pause or a call."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

Step = Callable[[], Awaitable[bool]]
"""Does one portion of work; returns True if there may be more."""

LONGEST_PAUSE_S = 30.0
ENDS_WITHIN_S = 3.0
MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Loop:
    """A step, how long to rest when it found nothing, and what may wake it earlier."""

    name: str
    step: Step
    pause_s: float
    wake: asyncio.Event | None = None


async def run_forever(loop: Loop) -> None:
    """Run a loop until it is cancelled; a failing step is logged and tried again after growing pauses."""
    failures = 0
    while True:
        if loop.wake:
            loop.wake.clear()
        try:
            worked = await _to_its_end(loop.step)
            failures = 0
        except Exception as error:
            failures += 1
            worked = False
            log.warning(
                "loop failed", loop=loop.name, error=type(error).__name__, failures=failures, exc_info=failures == 1
            )
        if not worked:
            pause_s = loop.pause_s * 2 ** min(failures, MOST_DOUBLINGS)
            await _rest(loop, min(pause_s, max(LONGEST_PAUSE_S, loop.pause_s)))


async def _to_its_end(step: Step) -> bool:
    """Run a step; where the loop is stopped meanwhile, give it a little time to end: what it did counts then."""
    task = asyncio.ensure_future(step())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=ENDS_WITHIN_S)
        raise
    finally:
        task.cancel()


async def _rest(loop: Loop, pause_s: float) -> None:
    if loop.wake is None:
        await asyncio.sleep(pause_s)
        return
    try:
        await asyncio.wait_for(loop.wake.wait(), pause_s)
    except TimeoutError:
        return

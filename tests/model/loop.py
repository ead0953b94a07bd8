"""An event loop whose clock moves when the model says so: real coroutines run on it, alike each time."""

import asyncio
import contextvars
import heapq
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""Noon in Phnom Penh, when each history begins."""
MOST_STEPS = 200_000
"""A history that takes more turns in a circle."""


class TurnsInCircles(AssertionError):
    """Work that is always ready and never done."""


class Loop(asyncio.AbstractEventLoop):
    """Runs what is ready; timers are due when the model moves the clock past them."""

    def __init__(self, began_at_s: float) -> None:
        self._time_s = began_at_s
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._places = count()
        self.complaints: list[dict[str, Any]] = []

    def time(self) -> float:
        return self._time_s

    def now(self) -> datetime:
        """Return the time of day."""
        return NOON + timedelta(seconds=self._time_s)

    def settle(self) -> None:
        """Run until everything waits."""
        ready, steps = self._ready, 0
        while ready:
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()
                steps += 1
                if steps > MOST_STEPS:
                    raise TurnsInCircles

    def advance(self, by_s: float) -> None:
        """Move the clock; what became due meanwhile is late and runs now."""
        self._time_s += by_s
        while self._timers and self._timers[0][0] <= self._time_s:
            self._ready.append(heapq.heappop(self._timers)[2])
        self.settle()

    def call_soon(  # type: ignore[override]  # callbacks here are not told apart by their arguments
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]  # the same
        self, delay: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._time_s + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]  # the same
        self, when: float, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._places), timer))
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Leave it in its place; it is passed over when its time comes."""

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Any, *, name: str | None = None, context: contextvars.Context | None = None
    ) -> "asyncio.Task[Any]":
        return asyncio.Task(coro, loop=self, name=name, context=context)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.complaints.append(context)

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False


@contextmanager
def running(loop: Loop) -> Iterator[Loop]:
    """Make a loop the one that runs, for a block."""
    before = asyncio._get_running_loop()
    asyncio._set_running_loop(loop)
    try:
        yield loop
    finally:
        asyncio._set_running_loop(before)

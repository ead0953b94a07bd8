"""A real counter asks again, with the same key, until it knows what became of what it asked."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from onebox.simulator.history import Call, Kind, Outcome

GIVE_UP_AFTER_S = 120.0
FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 2.0
NOT_YET = frozenset({401, 425, 429, 503})
"""401: a service that has just begun may not have heard of the clerk."""
IN_FLIGHT = "idempotency-key-in-flight"


async def until_known(
    ask: Callable[[], Awaitable[Call]],
    kind: Kind,
    give_up_after_s: float = GIVE_UP_AFTER_S,
    stopping: Callable[[], bool] = lambda: False,
) -> Call:
    """Repeat a call until it is ok or refused for good; returns the last try, each try being a call of its own.

    Gives up, with a call that is not settled, after a time or when the caller is stopping.
    """
    deadline, pause_s = time.monotonic() + give_up_after_s, FIRST_PAUSE_S
    while True:
        call = await ask()
        if is_settled(call, kind) or stopping() or time.monotonic() > deadline:
            return call
        await asyncio.sleep(max(_told_to_wait_s(call), pause_s) * random.uniform(0.5, 1.5))
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def is_settled(call: Call, kind: Kind) -> bool:
    """Tell whether a call answers what was asked, so that asking again would change nothing."""
    if call.kind is not kind or call.outcome is Outcome.UNKNOWN:
        return False
    return call.outcome is Outcome.OK or not (call.status is None or call.status in NOT_YET or call.reason == IN_FLIGHT)


def _told_to_wait_s(call: Call) -> float:
    told = str(call.answer.get("retry_after_s", ""))
    return min(float(told), LONGEST_PAUSE_S) if told.isdecimal() else 0.0

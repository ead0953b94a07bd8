"""How soon after a fault the post office works again: each bound that is missed is a violation of I11."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from onebox.simulator.history import Call, Kind, Outcome
from tests.faults.catching_up import until_caught_up, until_sent
from tests.faults.evidence import Recovery
from tests.faults.run import Run

PAUSE_S = 0.1
AGAIN = 10
"""So many calls make a service that works again; one may have slipped through."""


async def answered_again(run: Run, kind: Kind, within_s: float, after: str) -> None:
    """Wait for calls of this kind, sent from now on, that are answered with ok."""
    since = time.monotonic()
    seen = len(run.history.calls)

    async def is_answered() -> bool:
        return sum(call.kind is kind and _is_ok(call, since) for call in run.history.calls[seen:]) >= AGAIN

    await _within(run, is_answered, within_s, f"not {AGAIN} times {kind} within {within_s:.0f} s after {after}")


async def shown_again(run: Run, within_s: float, after: str) -> None:
    """Wait until tracking shows a parcel that is registered from now on: every part of the way works."""
    since = time.monotonic()
    seen = len(run.history.calls)

    async def is_shown() -> bool:
        for call in run.history.calls[seen:]:
            if call.kind is Kind.REGISTER and _is_ok(call, since):
                read = await run.client.read_journey(str(call.answer["item_number"]))
                return read.outcome is Outcome.OK
        return False

    await _within(run, is_shown, within_s, f"nothing was shown within {within_s:.0f} s after {after}")


async def relayed(run: Run, waiting: Mapping[str, list[int]], within_s: float, after: str) -> None:
    """Wait until outbox rows are sent that waited."""

    async def are_sent() -> bool:
        await until_sent(run.office.stack, waiting)
        return True

    rows = sum(map(len, waiting.values()))
    await _within(
        run, are_sent, within_s, f"{rows} events that waited were not sent within {within_s:.1f} s after {after}"
    )


async def caught_up(run: Run, within_s: float, after: str) -> None:
    """Wait until whatever waits by now is sent and read, by every service."""

    async def is_caught_up() -> bool:
        await until_caught_up(run.office.stack)
        return True

    await _within(run, is_caught_up, within_s, f"what waited was not gone within {within_s:.1f} s after {after}")


async def _within(run: Run, holds: Callable[[], Awaitable[bool]], within_s: float, otherwise: str) -> None:
    began_at, came = time.monotonic(), False
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while not await holds():
                await asyncio.sleep(PAUSE_S)
            came = True
    run.recoveries.append(Recovery(otherwise, time.monotonic() - began_at, within_s))
    run.must(came, f"I11 {otherwise}")


def _is_ok(call: Call, since: float) -> bool:
    return call.outcome is Outcome.OK and call.sent_at >= since

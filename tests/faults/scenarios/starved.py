"""F23: the services get a fraction of a processor, or a neighbour takes the memory of one of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from onebox.simulator.history import Call, Kind, Outcome
from tests.faults.evidence import LAME_PACE, SHAKEN
from tests.faults.injectors import control_group
from tests.faults.injectors.control_group import ControlGroup
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, caught_up, shown_again
from tests.faults.recovery_bounds import FED
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario

SHARE = 0.25
"""Of one processor, for the three services together."""
STARVED_S = 8.0
ROOM_BYTES, TAKEN_BYTES = 20_000_000, 60_000_000
"""Above what is used and cannot be read again from a disk, and what a neighbour wants of it."""
NAME = "parcel"
KILLED_WITHIN_S = 20.0
SHED = (429, 503)
CANCELLED = "cancelled"
"""What this harness itself broke off."""


@asynccontextmanager
async def _with_little_processor(office: PostOffice) -> AsyncIterator[Play]:
    """Run the services in a group that can be starved."""
    with control_group.control_group("processor") as group:
        office.prefix = group.prefix
        yield lambda run: _starve(run, group)


async def _starve(run: Run, group: ControlGroup) -> None:
    seen = len(run.history.calls)
    for _ in range(run.rounds):
        async with run.window("services starved of the processor", floor=20, share=SHAKEN, pace=LAME_PACE):
            before = group.times_throttled()
            group.give_processors(SHARE)
            await asyncio.sleep(STARVED_S)
            group.give_processors(None)
        run.must(group.times_throttled() > before, "F23 nobody missed the processor")
        await _well_again(run, "the processor was there again")
    judge_answers(run, run.history.calls[seen:])


@asynccontextmanager
async def _with_little_memory(office: PostOffice) -> AsyncIterator[Play]:
    """Run the parcel service in a group whose memory can end."""
    with control_group.control_group("memory") as group:
        office.prefix_of[NAME] = group.prefix
        yield lambda run: _take_memory(run, group)


async def _take_memory(run: Run, group: ControlGroup) -> None:
    """Have a neighbour take what memory there is: the kernel kills the service, which starts again."""
    for _ in range(run.rounds):
        async with run.window("the parcel service out of memory", floor=0, outage=True):
            before = group.times_killed()
            group.give_memory(group.needed_bytes() + ROOM_BYTES)
            with group.crowded(TAKEN_BYTES):
                await run.office.supervisor.until_ended(NAME, KILLED_WITHIN_S)
            run.must(group.times_killed() > before, "F23 the kernel killed nobody for want of memory")
            group.give_memory(None)
        await _well_again(run, "there was memory again")


async def _well_again(run: Run, after: str) -> None:
    until = time.monotonic() + FED.here
    for kind in (Kind.REGISTER, Kind.SCAN):
        await answered_again(run, kind, until - time.monotonic(), after)
    for is_well in (shown_again, caught_up):
        await is_well(run, until - time.monotonic(), after)


def judge_answers(run: Run, calls: Iterable[Call]) -> None:
    """Have every call answered in time or sent away with a word when to come again."""
    for call in calls:
        if call.reason == CANCELLED:
            continue
        told = f"{call.kind} {call.key} was answered {call.status} {call.reason} after {call.took_s:.1f} s"
        run.must(call.outcome is not Outcome.UNKNOWN, f"I13 {told}")
        run.must(call.status not in SHED or "retry_after_s" in call.answer, f"I13 {told}, and not when to come again")


SCENARIOS = [
    Scenario(
        "F23",
        "services starved of the processor",
        stage=_with_little_processor,
        why_not=control_group.why_not,
        only_long=True,
    ),
    Scenario(
        "F23",
        "services out of memory",
        stage=_with_little_memory,
        workers=2,
        why_not=control_group.why_not,
        only_long=True,
    ),
]

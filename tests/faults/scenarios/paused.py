"""F4: a process stands still for longer than its session with the broker lasts, and goes on as if nothing had been.

The one that leads as relay is the one that is paused: it has two things to lose, its seat in the group and its lead.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from onebox.configuration import SERVICES
from shared.messaging.broker import SESSION_WITHIN_MS
from tests.faults.draining import HEARD
from tests.faults.groups import commit_as, members_of
from tests.faults.measures import LEADS, measure
from tests.faults.recovery import caught_up, shown_again
from tests.faults.recovery_bounds import WENT_ON
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import until
from tests.system.stack import Launch

LONGER_S = 2.5
LONGEST_S = 30.0
WAITING_PACE = 0.02
"""Whoever asks one that stands still waits as long as a clerk waits: soon all clients may."""
SETTLED_WITHIN_S = 30.0
REPLICAS = 2
TERM_LOST = b'"relay lost its term"'
"""What a relay writes down when its server no longer takes what it says."""
NOT_A_MEMBER = "UnknownMemberIdError"

Members = Mapping[str, frozenset[str]]


async def pause_one_replica_of_each(run: Run) -> None:
    """Let one replica of each service stand still until the others have its partitions, then let it go on."""
    stack = run.office.stack
    for number in range(run.rounds):
        pause_s = SESSION_WITHIN_MS / 1000 + LONGER_S
        if number:
            pause_s = run.chance.uniform(pause_s, LONGEST_S)
        before, paused = await _settled(run)
        written = {service: _log(run, service, replica).stat().st_size for service, replica in paused.items()}
        async with run.window(f"{pause_s:.1f} s pause", floor=50, pace=WAITING_PACE, outage=True):
            for service, replica in paused.items():
                stack.pause(service, replica)
            await asyncio.sleep(pause_s)
            await _must_be_replaced(run, before, paused)
            for service, replica in paused.items():
                stack.resume(service, replica)
            until = time.monotonic() + WENT_ON.here
        late = await run.office.supervisor.until_all_ready(WENT_ON.here)
        run.must(not late, f"F4 {', '.join(late)} were not back after {WENT_ON.here} s")
        for is_well in (caught_up, shown_again):
            await is_well(run, until - time.monotonic(), "they went on")
        await _must_be_refused(run, paused, written)


async def _settled(run: Run) -> tuple[Members, Mapping[str, int]]:
    """Wait until each group counts both replicas and one of them leads; returns the members and who leads."""
    members: dict[str, frozenset[str]] = {}
    leaders: dict[str, int] = {}

    async def is_settled() -> bool:
        for service in SERVICES:
            members[service] = await members_of(run.office.stack.kafka, service)
            leading = [replica for replica in range(REPLICAS) if await _leads(run, service, replica)]
            leaders[service] = leading[0] if len(leading) == 1 else -1
        return all(len(members[service]) == REPLICAS and leaders[service] >= 0 for service in SERVICES)

    await until(is_settled, SETTLED_WITHIN_S)
    return members, leaders


async def _must_be_replaced(run: Run, before: Members, paused: Mapping[str, int]) -> None:
    for service, replica in paused.items():
        kafka = run.office.stack.kafka
        left = await members_of(kafka, service)
        run.must(left < before[service], f"F4 the group of {service} has {len(left)} members while one stands still")
        for gone in before[service] - left:
            answer = await commit_as(kafka, service, gone, min(HEARD[service]))
            run.must(answer == NOT_A_MEMBER, f"F4 a commit of who was put out of {service} was answered {answer!r}")
        other = REPLICAS - 1 - replica
        run.must(await _leads(run, service, other), f"F4 nobody leads in {service} while its relay stands still")


async def _must_be_refused(run: Run, paused: Mapping[str, int], written: Mapping[str, int]) -> None:
    """Have the relay of each lose its term by what its server answered, once it went on."""

    def untold() -> list[str]:
        logs = {one: _log(run, one, replica).read_bytes()[written[one] :] for one, replica in paused.items()}
        return [one for one, log in logs.items() if TERM_LOST not in log]

    with suppress(TimeoutError):
        async with asyncio.timeout(WENT_ON.here):
            while untold():
                await asyncio.sleep(0.1)
    run.must(not untold(), f"F4 the relay of {', '.join(untold())} went on with its lead though it had stood still")


async def _leads(run: Run, service: str, replica: int) -> bool:
    return await measure(run.office.stack, service, LEADS, replica) == 1


def _log(run: Run, service: str, replica: int) -> Path:
    return run.office.stack.log_of(Launch(service, replica).name)


SCENARIOS = [
    Scenario(
        "F4",
        "paused past the session",
        pause_one_replica_of_each,
        replicas=REPLICAS,
        seats=REPLICAS,
        answered_within_s=2.0,
    )
]

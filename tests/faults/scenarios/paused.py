"""F4: a process stands still for longer than its session with the broker lasts, and goes on as if nothing had been."""

import asyncio
import time

from onebox.configuration import SERVICES
from shared.messaging.broker import SESSION_WITHIN_MS
from tests.faults.recovery import caught_up, shown_again
from tests.faults.recovery_bounds import WENT_ON
from tests.faults.run import Run
from tests.faults.scenario import Scenario

LONGER_S = 2.5
LONGEST_S = 30.0


async def pause_one_replica_of_each(run: Run) -> None:
    """Let one replica of each service stand still until the others have its partitions, then let it go on."""
    stack = run.office.stack
    for number in range(run.rounds):
        pause_s = SESSION_WITHIN_MS / 1000 + LONGER_S
        if number:
            pause_s = run.chance.uniform(pause_s, LONGEST_S)
        paused = [(service, run.chance.randrange(2)) for service in SERVICES]
        async with run.window(f"{pause_s:.1f} s pause", floor=50, outage=True):
            for service, replica in paused:
                stack.pause(service, replica)
            await asyncio.sleep(pause_s)
            for service, replica in paused:
                stack.resume(service, replica)
            until = time.monotonic() + WENT_ON.here
        late = await run.office.supervisor.until_all_ready(WENT_ON.here)
        run.must(not late, f"F4 {', '.join(late)} were not back after {WENT_ON.here} s")
        for is_well in (caught_up, shown_again):
            await is_well(run, until - time.monotonic(), "they went on")


SCENARIOS = [
    Scenario("F4", "paused past the session", pause_one_replica_of_each, replicas=2, seats=2, answered_within_s=2.0)
]

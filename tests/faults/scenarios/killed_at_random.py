"""F2: two or three processes are killed at once, at moments that the seed chooses."""

import asyncio
import time

from onebox.configuration import SERVICES
from onebox.simulator.history import Kind
from tests.faults.evidence import LAME_PACE, SHAKEN
from tests.faults.recovery import answered_again, caught_up
from tests.faults.recovery_bounds import CAUGHT_UP, outage_s
from tests.faults.run import Run
from tests.faults.scenario import Scenario

ROUNDS = 3
CALMEST_S, LONGEST_S = 0.2, 2.5
FLOOR = 50
"""Calls over all kills: one alone may leave no time for any."""
BACK_WITHIN_S = 10.0


async def kill_several(run: Run) -> None:
    """Kill two or three services at the same moment, again before all of them are back."""
    async with run.window("several killed again and again", floor=FLOOR * run.rounds, share=SHAKEN, pace=LAME_PACE):
        for _ in range(ROUNDS * run.rounds):
            victims = run.chance.sample(SERVICES, run.chance.choice((2, 3)))
            killed_at = time.monotonic()
            await asyncio.gather(*(run.office.supervisor.kill(name) for name in victims))
            await asyncio.sleep(run.chance.uniform(CALMEST_S, LONGEST_S))
        await run.office.supervisor.until_all_ready()
        until = time.monotonic() + CAUGHT_UP.here * outage_s(killed_at)
        for kind in (Kind.REGISTER, Kind.SCAN):
            await answered_again(run, kind, BACK_WITHIN_S, "all were back")
        await caught_up(run, until - time.monotonic(), "all were back")


SCENARIOS = [Scenario("F2", "several services killed at random", kill_several)]

"""F2: two or three processes are killed at once, at moments that the seed chooses."""

import asyncio

from onebox.configuration import SERVICES
from tests.faults.run import Run
from tests.faults.scenario import Scenario

ROUNDS = 3
CALMEST_S, LONGEST_S = 0.2, 2.5


async def kill_several(run: Run) -> None:
    """Kill two or three services at the same moment, again before all of them are back."""
    for _ in range(ROUNDS * run.rounds):
        victims = run.chance.sample(SERVICES, run.chance.choice((2, 3)))
        async with run.window(f"{' and '.join(victims)} killed", floor=0):
            await asyncio.gather(*(run.office.supervisor.kill(name) for name in victims))
            await asyncio.sleep(run.chance.uniform(CALMEST_S, LONGEST_S))


SCENARIOS = [Scenario("F2", "several services killed at random", kill_several)]

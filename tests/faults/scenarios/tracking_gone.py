"""F2: tracking is killed, and then stays away: counters register on as if nothing had been."""

import asyncio
import time

from onebox.simulator.history import Kind
from tests.faults.evidence import SHAKEN
from tests.faults.offered import ANSWERED_WITHIN_S, BAG_LIVES_S, KEEPS, answered_in_time, share_of_peak_per_s
from tests.faults.recovery import caught_up, shown_again
from tests.faults.recovery_bounds import CAUGHT_UP, outage_s
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import beside

NAME = "tracking"
OF_TRACKING = (Kind.SCAN, Kind.SCAN_BATCH, Kind.READ_JOURNEY)
BEFORE_S = 5.0
KILLED_S = 4.0
GONE_S, GONE_LONG_S = 5.0, 60.0
"""In CI and in the long form."""
SHOWN_WITHIN_S = 25.0
"""The session of a killed consumer, and what waited meanwhile, however long tracking was away."""
DRAINED_WITHIN_S = 120.0


async def miss_tracking(run: Run) -> None:
    """Offer a share of the peak before tracking is killed, while it comes back, and while it is away."""
    rate = await share_of_peak_per_s(run)
    async with beside(run.traffic.offer(lambda: rate, BAG_LIVES_S)):
        await asyncio.sleep(BAG_LIVES_S)
        before = await answered_in_time(run, BEFORE_S, rate, "with tracking")
        await run.office.supervisor.kill(NAME)
        async with run.window("tracking killed", floor=20, share=SHAKEN, outage=True):
            killed = await answered_in_time(run, KILLED_S, rate, "as tracking was killed")
        async with run.window("tracking away", cut=OF_TRACKING, floor=20, outage=True):
            away, killed_at = await _while_away(run, rate)
        for share, when in ((killed, "as tracking was killed"), (away, "without tracking")):
            run.must(share >= KEEPS * before, f"I11 {share:.2f} were answered {when}, {before:.2f} before")
        await run.office.supervisor.until_all_ready()
        within_s = CAUGHT_UP.here * outage_s(killed_at)
        until = time.monotonic() + within_s
        await shown_again(run, min(SHOWN_WITHIN_S, within_s), "tracking was away")
        await caught_up(run, until - time.monotonic(), "tracking was away")


async def _while_away(run: Run, rate: float) -> tuple[float, float]:
    """Return the share that is answered in time while nobody starts tracking again, and when it was killed.

    It is started at the end.
    """
    stack, supervisor = run.office.stack, run.office.supervisor
    await supervisor.until_all_ready()
    await supervisor.release(NAME)
    await stack.kill(NAME)
    killed_at = time.monotonic()
    run.kills += 1
    share = await answered_in_time(run, GONE_S if run.rounds == 1 else GONE_LONG_S, rate, "without tracking")
    await supervisor.keep(stack.launches[NAME])
    return share, killed_at


SCENARIOS = [
    Scenario(
        "F2",
        "tracking killed and kept away",
        miss_tracking,
        workers=2,
        answered_within_s=ANSWERED_WITHIN_S,
        drained_within_s=DRAINED_WITHIN_S,
    )
]

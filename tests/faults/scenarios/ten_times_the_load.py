"""F23: ten times as many clerks come at once as can be served: some are told to come again, the others are served."""

import asyncio
import time

from onebox.configuration import SERVICES
from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.traffic import Traffic
from tests.faults.evidence import SHAKEN
from tests.faults.recovery import answered_again, caught_up, shown_again
from tests.faults.recovery_bounds import FED
from tests.faults.run import Run
from tests.faults.scenario import Scenario

AT_ONCE = 4
BURST = 10
MEASURED_S = 5.0
KEEPS = 0.8
ANSWERED_WITHIN_S = 5.0
OVERLOADED = "overloaded"
FEW_AT_ONCE = {f"{service.upper()}_REQUESTS_AT_ONCE": str(AT_ONCE) for service in SERVICES}
"""So few that a handful of clerks is ten times too many; what counts is the ratio."""


async def burst(run: Run) -> None:
    """Measure what the clerks get done who just fit in, then let nine times as many more come."""
    fitting = await _calls_of(run)
    run.traffic.keep_busy(AT_ONCE * (BURST - 1))
    async with run.window("ten times the load", share=SHAKEN):
        crowded = [call for _ in range(run.rounds) for call in await _calls_of(run)]
    _judge(run, _per_s(fitting, 1), _per_s(crowded, run.rounds), crowded)
    await _after_the_crowd(run)


async def _after_the_crowd(run: Run) -> None:
    """Send the crowd away: those who just fit in are served as before, and all is shown."""
    until = time.monotonic() + FED.here
    await run.traffic.stop(FED.here)
    run.traffic = Traffic(run.client, run.seed, run.office.network)
    run.traffic.keep_busy(AT_ONCE)
    await answered_again(run, Kind.REGISTER, until - time.monotonic(), "the crowd was gone")
    for is_well in (shown_again, caught_up):
        await is_well(run, until - time.monotonic(), "the crowd was gone")


async def _calls_of(run: Run) -> list[Call]:
    began_at = time.monotonic()
    await asyncio.sleep(MEASURED_S)
    return [call for call in run.history.calls if call.sent_at >= began_at]


def _per_s(calls: list[Call], rounds: int) -> float:
    return sum(call.outcome is Outcome.OK for call in calls) / MEASURED_S / rounds


def _judge(run: Run, peak: float, goodput: float, calls: list[Call]) -> None:
    shed = [call for call in calls if call.status in {429, 503}]
    late = [call for call in calls if call.outcome is Outcome.OK and call.ended_at - call.sent_at > ANSWERED_WITHIN_S]
    unknown = [call for call in calls if call.outcome is Outcome.UNKNOWN]
    if goodput < KEEPS * peak:
        run.violations.append(f"I11 {goodput:.0f} calls a second were served in a crowd, {peak:.0f} before it")
    if not shed:
        run.violations.append("I13 nobody was told to come again although ten times too many came")
    if silent := [call for call in shed if call.reason != OVERLOADED or "retry_after_s" not in call.answer]:
        run.violations.append(f"I13 {len(silent)} were sent away without being told when to come again")
    if late or unknown:
        run.violations.append(f"I13 {len(late)} waited longer than {ANSWERED_WITHIN_S:.0f} s, {len(unknown)} in vain")


SCENARIOS = [Scenario("F23", "ten times the load", burst, workers=AT_ONCE, environment=FEW_AT_ONCE)]

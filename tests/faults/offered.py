"""Registrations offered at a share of the peak, whatever is answered: how many are answered in time."""

import asyncio
import time

from onebox.simulator.history import Kind, Outcome
from onebox.simulator.traffic import Traffic
from tests.faults.run import Run

CROWD, PEAK_S = 8, 4.0
SHARE_OF_PEAK = 0.3
BAG_LIVES_S = 4.0
ANSWERED_WITHIN_S = 2.0
KEEPS = 0.95
LEAST_OFFERED, LEAST_OFFERED_LONG, LONG_S = 0.5, 0.9, 60.0
"""Of the rate that is asked for: in four seconds some ten bags come by chance, of one parcel or of many; in a minute
they are a hundred."""
STOPPED_WITHIN_S = 60.0


async def share_of_peak_per_s(run: Run) -> float:
    """Return the rate to offer, of what clerks get done who never rest; nobody asks anything afterwards."""
    run.traffic.keep_busy(CROWD)
    before = run.traffic.done[Kind.REGISTER]
    await asyncio.sleep(PEAK_S)
    per_s = (run.traffic.done[Kind.REGISTER] - before) / PEAK_S
    await run.traffic.stop(STOPPED_WITHIN_S)
    run.traffic = Traffic(run.client, run.seed, run.office.network)
    return SHARE_OF_PEAK * per_s


def least_offered(for_s: float, rate: float) -> float:
    """Return how many registrations must be offered in a time, or nothing is shown of the rate that is asked for."""
    return (LEAST_OFFERED_LONG if for_s >= LONG_S else LEAST_OFFERED) * rate * for_s


async def answered_in_time(run: Run, for_s: float, rate: float, when: str) -> float:
    """Return the share of registrations due in the coming seconds that were answered in time; waits for all of them."""
    began_at, seen = time.monotonic(), len(run.history.calls)
    await asyncio.sleep(for_s + ANSWERED_WITHIN_S + 1)
    due = [
        call
        for call in run.history.calls[seen:]
        if call.kind is Kind.REGISTER and began_at <= call.due_at < began_at + for_s
    ]
    offered = {call.key for call in due}
    in_time = {call.key for call in due if call.outcome is Outcome.OK and call.took_s <= ANSWERED_WITHIN_S}
    told = (
        f"I11 {when} {len(in_time)} of {len(offered)} registrations were answered in time, {rate * for_s:.0f} were due"
    )
    run.must(len(offered) >= least_offered(for_s, rate) and len(in_time) >= KEEPS * len(offered), told)
    return len(in_time) / max(1, len(offered))

"""The load is raised step by step until the post office does no more: where it saturates, and what comes before."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console

from onebox.simulator import pause
from onebox.simulator.history import Kind, Outcome
from onebox.simulator.lives import plan_bag
from onebox.simulator.network import Network
from onebox.simulator.practice import open_counters
from onebox.simulator.processor import SIMULATOR, of_post_office, roots_of_post_office
from onebox.simulator.simulation import Watched
from onebox.simulator.tally import LIMIT_S, share
from onebox.simulator.traffic import Traffic
from shared.ids import new_id

STEEPNESS = 1.6
LIFE_S = 8.0
"""Short, so that soon after a step all kinds of calls come at its rate."""
FIRST_RATE_FOR_S = 60.0
"""Before the first step is measured: a broker that has just started compiles itself for about as long."""
MEASURED_S = 20.0
GIVE_UP_AFTER_S = 10.0
STOPPED_WITHIN_S = 60.0
MOST_STEPS = 16
ENOUGH = 0.9
SAMPLE = 500


@dataclass(frozen=True, slots=True)
class RampStep:
    """One rate of offered load, and what became of it; rates are events of parcels a second."""

    offered_per_s: float
    goodput_per_s: float
    """Events whose call was ok inside its limit."""
    p99_ms: float
    lag_s: float
    cpu_share: float
    """What services and servers took of the box."""
    cpu_share_by: Mapping[str, float]
    """The same by root process: services, postgres, kafka."""
    simulator_share: float
    refused_per_s: float
    unknown_per_s: float
    late_calls: int

    @property
    def saturated(self) -> bool:
        """Tell whether the post office did no longer do what was asked of it."""
        return self.goodput_per_s < ENOUGH * self.offered_per_s or self.p99_ms > 1000 * LIMIT_S[Kind.REGISTER]


async def ramp(post: Watched, first_per_s: float, seed: int, console: Console) -> list[RampStep]:
    """Raise the load from so many registrations a second until it saturates; returns every step.

    The counters open before: what a day asks once is not in any step, what an open counter goes on asking is in all.
    """
    await open_counters(post.client, post.network)
    rate_per_s, settles_s = first_per_s, FIRST_RATE_FOR_S
    traffic = Traffic(post.client, seed, post.network, new_id(), GIVE_UP_AFTER_S)
    offering = asyncio.create_task(traffic.offer(lambda: rate_per_s, LIFE_S))
    steps: list[RampStep] = []
    events_a_parcel = _events_a_parcel(seed, post.network)
    try:
        while len(steps) < MOST_STEPS and not (steps and steps[-1].saturated):
            await pause.until(time.monotonic() + settles_s, traffic.carrier.stop)
            settles_s = LIFE_S
            steps.append(await _measured(post, rate_per_s * events_a_parcel))
            console.print(_line(steps[-1]))
            rate_per_s *= STEEPNESS
    finally:
        await traffic.stop(STOPPED_WITHIN_S)
        await offering
    return steps


async def _measured(post: Watched, offered_per_s: float) -> RampStep:
    begin = time.monotonic()
    post.processor.begin()
    await asyncio.sleep(MEASURED_S)
    shares = post.processor.shares()
    heard = post.tally.ended_since(begin)
    took_s = sorted(call.took_s for call in heard)
    lags = [share(ordered, 0.99) for ordered in post.lag.between(begin, time.monotonic()).values() if ordered]
    return RampStep(
        offered_per_s=offered_per_s,
        goodput_per_s=sum(call.events for call in heard if call.in_time) / MEASURED_S,
        p99_ms=1000 * share(took_s, 0.99),
        lag_s=max(lags, default=0.0),
        cpu_share=of_post_office(shares),
        cpu_share_by=roots_of_post_office(shares),
        simulator_share=shares[SIMULATOR],
        refused_per_s=sum(call.outcome is Outcome.REFUSED for call in heard) / MEASURED_S,
        unknown_per_s=sum(call.outcome is Outcome.UNKNOWN for call in heard) / MEASURED_S,
        late_calls=sum(call.took_s > LIMIT_S[call.kind] for call in heard),
    )


def _events_a_parcel(seed: int, network: Network) -> float:
    bags = [plan_bag(seed, new_id(), network, number) for number in range(SAMPLE)]
    scans = sum(len(step.scan_ids) for bag in bags for step in bag.steps)
    return 1 + scans / sum(len(bag.parcels) for bag in bags)


def _line(step: RampStep) -> str:
    return (
        f"offered {step.offered_per_s:.0f} events/s, done in time {step.goodput_per_s:.0f}, p99 {step.p99_ms:.0f} ms,"
        f" lag {step.lag_s:.2f} s, {step.cpu_share:.0%} of the box (simulator {step.simulator_share:.0%})"
        f"{', saturated' if step.saturated else ''}"
    )

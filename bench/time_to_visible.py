"""P5: how long after its 201 a parcel is seen at the tracking read, at a fifth of the rate that saturates.

The raw side is the sum of the hops that no design can leave out, at the same rate: from the insert's commit to the
notification, produced and consumed, one row written.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from statistics import mean

from bench import hop_times, raw_hops, visible_probe, wrk
from bench.ground import Ground
from bench.metric import Metric
from bench.quantiles import Took
from bench.registration_latency import MS, low_rate
from bench.registration_rate import CLIENTS, WARM_S
from bench.rounds import Measurement, interleave
from bench.running_post import running_post
from bench.sample_parcel import register_samples

SECONDS = 24
LOOKED_AT_PER_S = 25.0
"""Six hundred in a round: six are beyond the p99."""


@dataclass(slots=True)
class Visible:
    """Both sides at one rate, and what share of each side's load left late."""

    ground: Ground
    rate: float
    late: list[float] = field(default_factory=list)
    raw_late: list[float] = field(default_factory=list)
    hops: dict[str, str] = field(default_factory=dict)
    """What each hop of the last round took."""

    async def ours(self) -> float:
        """Return the p99 from a 201 to the tracking read in milliseconds."""
        async with running_post(self.ground, ("parcel", "tracking"), noting=hop_times.prefix) as post:
            look = partial(visible_probe.run, post.url, post.stack.url("tracking"), post.tokens)
            # A consumer that has just joined its group waits some seconds for others to join.
            before, first = await post.parcels(), await look(seconds=1, per_s=1.0)
            warm = await wrk.register(post.url, post.tokens, post.bodies, WARM_S, connections=CLIENTS, rate=self.rate)
            rest = max(1.0, self.rate - LOOKED_AT_PER_S)
            load, seen = await asyncio.gather(
                wrk.register(post.url, post.tokens, post.bodies, SECONDS, connections=CLIENTS, rate=rest),
                look(seconds=SECONDS, per_s=LOOKED_AT_PER_S),
            )
            created = len(first) + warm.created + load.created + len(seen)
            await post.stop_and_check(before, created, 2 * CLIENTS)
            await post.stack.stop("tracking")
            self.hops = hop_times.waits(seen, post.stack.folder)
        assert not load.failed, load
        self.late.append(load.late / load.sent)
        return Took.of([one.seen_at - one.registered_at for one in seen]).p99_s * MS

    async def raw(self) -> float:
        """Return the p99 of all hops of a parcel in milliseconds."""
        topic = await self.ground.topic("bench.hops")
        async with self.ground.database("parcel") as parcel, self.ground.database("tracking") as tracking:
            await register_samples(parcel.service_url)
            databases = parcel.service_url, tracking.service_url
            carried = await raw_hops.run(*databases, self.ground.kafka, topic, SECONDS, self.rate)
        self.raw_late.append(carried.late)
        return carried.took.p99_s * MS


async def measure(ground: Ground) -> Measurement:
    """Find the rate that saturates, then measure both sides at a share of it."""
    visible = Visible(ground, await low_rate(ground))
    rounds = await interleave(visible.ours, visible.raw, ground.rounds)
    late = {"ours": mean(visible.late), "raw": mean(visible.raw_late)}
    return Measurement(
        rounds,
        details={
            "registrations a second": visible.rate,
            "of them looked at": LOOKED_AT_PER_S,
            "looked at in a round": f"{SECONDS * LOOKED_AT_PER_S:.0f}",
            **{f"left late, {side}": f"{share:.2%}" for side, share in late.items()},
            **visible.hops,
        },
        shortfalls=[f"the load fell behind, {side}" for side, share in late.items() if share > wrk.LATEST_SHARE],
    )


METRIC = Metric(
    name="P5",
    sentence="p99 from the 201 to the tracking read, at a fifth of P1's rate",
    raw="p99 from the insert's commit: notification, produce, consume and one row written, at the same rate",
    unit="ms",
    must=3,
    aim=2,
    measure=measure,
    higher_is_better=False,
    code=("shared", "services/parcel", "services/tracking"),
)

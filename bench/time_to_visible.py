"""P5: how long after its 201 a parcel is seen at the tracking read, at a fifth of the rate that saturates.

The raw side is the sum of the hops that no design can leave out, at the same rate: insert, notification, produced and
consumed, one row written.
"""

import asyncio
from functools import partial

from bench import raw_hops, visible_probe, wrk
from bench.ground import Ground
from bench.metric import Metric
from bench.registration_latency import MS, low_rate
from bench.registration_rate import CLIENTS, WARM_S
from bench.rounds import Measurement, interleave
from bench.running_post import running_post
from bench.sample_parcel import register_one

SECONDS = 12
LOOKED_AT_PER_S = 40.0


async def measure(ground: Ground) -> Measurement:
    """Find the rate that saturates, then measure both sides at a share of it."""
    rate = await low_rate(ground)
    rounds = await interleave(partial(ours, ground, rate), partial(raw, ground, rate), ground.rounds)
    return Measurement(rounds, details={"registrations a second": rate, "of them looked at": LOOKED_AT_PER_S})


async def ours(ground: Ground, rate: float) -> float:
    """Return the p99 from a 201 to the tracking read in milliseconds."""
    async with running_post(ground, ("parcel", "tracking")) as post:
        look = partial(visible_probe.run, post.url, post.stack.url("tracking"), post.tokens)
        # A consumer that has just joined its group waits some seconds for others to join.
        await look(seconds=1, per_s=1.0)
        await wrk.register(post.url, post.tokens, WARM_S, connections=CLIENTS, rate=rate)
        rest = max(1.0, rate - LOOKED_AT_PER_S)
        load, took = await asyncio.gather(
            wrk.register(post.url, post.tokens, SECONDS, connections=CLIENTS, rate=rest),
            look(seconds=SECONDS, per_s=LOOKED_AT_PER_S),
        )
    assert not load.failed, load
    return took.p99_s * MS


async def raw(ground: Ground, rate: float) -> float:
    """Return the p99 of all hops of a parcel in milliseconds."""
    topic = await ground.topic("bench.hops")
    async with ground.database("parcel") as parcel, ground.database("tracking") as tracking:
        await register_one(parcel.service_url)
        took = await raw_hops.run(parcel.service_url, tracking.service_url, ground.kafka, topic, SECONDS, rate)
    return took.p99_s * MS


METRIC = Metric(
    name="P5",
    sentence="p99 from the 201 to the tracking read, at a fifth of P1's rate",
    raw="p99 of insert, notification, produce, consume and one row written, at the same rate",
    unit="ms",
    must=3,
    aim=2,
    measure=measure,
    higher_is_better=False,
)

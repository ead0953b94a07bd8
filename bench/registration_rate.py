"""P1: registrations a second over HTTP, by 32 clients, against raw statements on 32 connections.

Ours is the parcel service as it runs in production, its relay carrying the events to Kafka meanwhile in the same
process; the raw side writes the same rows, its outbox too, and leaves them there.
"""

from dataclasses import dataclass
from functools import partial
from statistics import median

from bench import raw_load, wrk
from bench.ground import Ground
from bench.metric import Metric
from bench.rounds import Measurement, interleave
from bench.running_post import Post, running_post
from bench.sample_parcel import register_one

CLIENTS = 32
WARM_S = 3
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Reached:
    """What the service did, and what of a core it took for each registration."""

    per_s: float
    cpu_ms: float


async def saturated(post: Post, seconds: int = SECONDS) -> Reached:
    """Have 32 clients register as fast as they can; checks that each 201, and nothing else, left a parcel.

    The service is stopped at the end.
    """
    before = await post.count("parcel", "select count(*) from parcel")
    warm = await wrk.register(post.url, post.tokens, WARM_S, connections=CLIENTS)
    cpu_s = post.cpu_s("parcel")
    run = await wrk.register(post.url, post.tokens, seconds, connections=CLIENTS)
    cpu_s = post.cpu_s("parcel") - cpu_s
    await post.stack.stop("parcel")
    found = await post.count("parcel", "select count(*) from parcel") - before
    # wrk ends without waiting for what each client has under way.
    assert 0 <= found - warm.created - run.created <= 2 * CLIENTS, (found, warm, run)
    assert not warm.failed + run.failed, (warm, run)
    return Reached(run.created_per_s, 1_000 * cpu_s / run.created)


async def raw(ground: Ground) -> float:
    """Return the rate of statements."""
    async with ground.database("parcel") as lent:
        await register_one(lent.service_url)
        await raw_load.run(lent.service_url, WARM_S, connections=CLIENTS)
        return (await raw_load.run(lent.service_url, SECONDS, connections=CLIENTS)).written_per_s


async def measure(ground: Ground) -> Measurement:
    """Measure ours against raw."""
    cpu_ms: list[float] = []

    async def ours() -> float:
        async with running_post(ground) as post:
            reached = await saturated(post)
        cpu_ms.append(reached.cpu_ms)
        return reached.per_s

    rounds = await interleave(ours, partial(raw, ground), ground.rounds)
    return Measurement(rounds, details={"milliseconds of a core in the service for one": median(cpu_ms)})


METRIC = Metric(
    name="P1",
    sentence="registrations a second over HTTP, 32 clients",
    raw="the same rows by one asyncpg statement each, 32 connections",
    unit="/s",
    must=0.40,
    aim=0.70,
    measure=measure,
)

"""P1: registrations a second over HTTP, by 32 clients, against raw statements on 32 connections.

Ours is the parcel service as it runs in production, in two replicas, the relay of one of them carrying the events to
Kafka meanwhile; the raw side writes the same rows, its outbox too, and leaves them there. It is one client process or
two, whichever does more in a round. What one replica reaches stands beside.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median

from bench import raw_load, wrk
from bench.ground import Ground
from bench.metric import Metric
from bench.rounds import Measurement, interleave
from bench.running_post import Post, running_post
from bench.sample_parcel import register_samples

CLIENTS = 32
REPLICAS = 2
RAW_CLIENTS = (1, 2)
WARM_S = 3
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Reached:
    """What the service did, and what of a core it took for each registration."""

    per_s: float
    cpu_ms: float


async def saturated(post: Post, seconds: int = SECONDS, replicas: int = 1) -> Reached:
    """Have 32 clients register as fast as they can; checks that each 201, and nothing else, left a parcel.

    The service is stopped at the end.
    """
    for replica in range(1, replicas):
        await post.stack.start("parcel", replica)
    before = await post.parcels()
    warm = await _registered(post, WARM_S, replicas)
    cpu_s = _cpu_s(post, replicas)
    runs = await _registered(post, seconds, replicas)
    cpu_s = _cpu_s(post, replicas) - cpu_s
    created = sum(run.created for run in runs)
    await post.stop_and_check(before, created + sum(run.created for run in warm), 2 * CLIENTS, replicas)
    assert not sum(run.failed for run in (*warm, *runs)), (warm, runs)
    return Reached(sum(run.created_per_s for run in runs), 1_000 * cpu_s / created)


async def _registered(post: Post, seconds: int, replicas: int) -> list[wrk.Answered]:
    clients = CLIENTS // replicas
    urls = (post.stack.url("parcel", replica) for replica in range(replicas))
    register = partial(wrk.register, tokens=post.tokens, bodies=post.bodies, seconds=seconds, connections=clients)
    return await asyncio.gather(*map(register, urls))


def _cpu_s(post: Post, replicas: int) -> float:
    return sum(post.cpu_s("parcel", replica) for replica in range(replicas))


async def raw(ground: Ground, reached: Mapping[int, list[float]]) -> float:
    """Return the rate of statements, of one client process or two; tells what each number of them reached."""
    for clients in RAW_CLIENTS:
        reached[clients].append(await _raw(ground, clients))
    return max(reached[clients][-1] for clients in RAW_CLIENTS)


async def _raw(ground: Ground, clients: int) -> float:
    async with ground.database("parcel") as lent:
        await register_samples(lent.service_url)
        for seconds in (WARM_S, SECONDS):
            runs = await asyncio.gather(
                *(
                    raw_load.run(lent.service_url, seconds, connections=CLIENTS // clients, place=place)
                    for place in range(clients)
                )
            )
        return sum(run.written_per_s for run in runs)


async def measure(ground: Ground) -> Measurement:
    """Measure ours against raw, and what one replica reaches alone."""
    cpu_ms: list[float] = []
    by_clients: dict[int, list[float]] = {clients: [] for clients in RAW_CLIENTS}

    async def ours() -> float:
        async with running_post(ground) as post:
            reached = await saturated(post, replicas=REPLICAS)
        cpu_ms.append(reached.cpu_ms)
        return reached.per_s

    rounds = await interleave(ours, partial(raw, ground, by_clients), ground.rounds)
    async with running_post(ground) as post:
        alone = await saturated(post)
    return Measurement(
        rounds,
        details={
            "milliseconds of a core in the replicas for one": median(cpu_ms),
            "one replica, measured once, a second": alone.per_s,
            **{
                f"raw with client processes: {clients}, a second": median(by_clients[clients])
                for clients in RAW_CLIENTS
            },
        },
    )


METRIC = Metric(
    name="P1",
    sentence="registrations a second over HTTP, 32 clients, two replicas",
    raw="the same rows by one asyncpg statement each, 32 connections of one process or of two, the better",
    unit="/s",
    must=0.40,
    aim=0.70,
    measure=measure,
    code=("shared", "services/parcel"),
)

"""P2: how long a registration takes at a fifth of the rate that saturates, against the raw statement at that rate."""

from functools import partial

from bench import raw_load, wrk
from bench.ground import Ground
from bench.metric import Metric
from bench.registration_rate import CLIENTS, REPLICAS, WARM_S, saturated
from bench.rounds import Measurement, interleave
from bench.running_post import running_post
from bench.sample_parcel import register_samples

SHARE = 0.2
SECONDS = 20
"""Some eight thousand registrations: a p99 of half as many hangs on a few flushes."""
MS = 1_000


async def measure(ground: Ground) -> Measurement:
    """Find the rate that saturates, then measure both sides at a share of it."""
    rate = await low_rate(ground)
    late: dict[str, list[int]] = {"ours": [], "raw": []}
    rounds = await interleave(
        partial(ours, ground, rate, late["ours"]), partial(raw, ground, rate, late["raw"]), ground.rounds
    )
    shares = {side: sum(counted) / (len(counted) * rate * SECONDS) for side, counted in late.items()}
    return Measurement(
        rounds,
        details={
            "registrations a second": rate,
            **{f"requests that left late, {side}": f"{share:.2%}" for side, share in shares.items()},
        },
        shortfalls=[f"the load fell behind, {side}" for side, share in shares.items() if share > wrk.LATEST_SHARE],
    )


async def low_rate(ground: Ground) -> float:
    """Return a fifth of the rate at which two replicas saturate; one has to bear it."""
    async with running_post(ground) as post:
        return SHARE * (await saturated(post, replicas=REPLICAS)).per_s


async def ours(ground: Ground, rate: float, late: list[int]) -> float:
    """Return the p99 of a registration in milliseconds, and tell how many requests left late."""
    async with running_post(ground) as post:
        before = await post.parcels()
        warm = await wrk.register(post.url, post.tokens, post.bodies, WARM_S, connections=CLIENTS, rate=rate)
        run = await wrk.register(post.url, post.tokens, post.bodies, SECONDS, connections=CLIENTS, rate=rate)
        await post.stop_and_check(before, warm.created + run.created, 2 * CLIENTS)
    assert not run.failed, run
    late.append(run.late)
    return run.p99_s * MS


async def raw(ground: Ground, rate: float, late: list[int]) -> float:
    """Return the p99 of the statement in milliseconds, and tell how many left late."""
    async with ground.database("parcel") as lent:
        await register_samples(lent.service_url)
        await raw_load.run(lent.service_url, WARM_S, connections=CLIENTS, rate=rate)
        run = await raw_load.run(lent.service_url, SECONDS, connections=CLIENTS, rate=rate)
    late.append(run.late)
    return run.p99_s * MS


METRIC = Metric(
    name="P2",
    sentence="p99 of a registration over HTTP at a fifth of P1's rate",
    raw="p99 of the raw statement at the same rate",
    unit="ms",
    must=3,
    aim=2,
    measure=measure,
    higher_is_better=False,
    code=("shared", "services/parcel"),
)

"""F19: members join the consumer groups and leave them every two seconds, so that partitions never rest."""

import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise

import asyncpg
from aiokafka import AIOKafkaConsumer

from onebox.configuration import SERVICES
from tests.faults.draining import HEARD
from tests.faults.recovery import caught_up, shown_again
from tests.faults.recovery_bounds import CALMED
from tests.faults.run import Run
from tests.faults.scenario import Scenario

EVERY_S = 2.0
CHANGES = 6
"""So often in CI the strangers come or go."""
LEAST_SHARE = 0.3
"""Of the parcels registered meanwhile, so many must have been taken up by tracking."""


async def join_and_leave(run: Run) -> None:
    """Let a stranger into each group, who takes partitions and applies nothing, and out again."""
    before = await registered_and_taken_up(run)
    visits: dict[str, list[int]] = {service: [] for service in SERVICES}
    async with run.window("members come and go", floor=100):
        for _ in range(CHANGES * run.rounds // 2):
            strangers = {service: _stranger(run, service) for service in SERVICES}
            await asyncio.gather(*(stranger.start() for stranger in strangers.values()))
            await _listen(list(strangers.values()), run.chance.uniform(0.75, 1.25) * EVERY_S)
            for service, stranger in strangers.items():
                visits[service].append(stranger._coordinator.generation)
                run.must(stranger.assignment(), f"F19 a stranger in the group of {service} got no partition")
            await asyncio.gather(*(stranger.stop() for stranger in strangers.values()))
            await asyncio.sleep(run.chance.uniform(0.75, 1.25) * EVERY_S)
        after = await registered_and_taken_up(run)
    until = time.monotonic() + CALMED.here
    for is_well in (caught_up, shown_again):
        await is_well(run, until - time.monotonic(), "members came and went")
    registered, taken_up = (now - then for now, then in zip(after, before, strict=True))
    run.must(taken_up >= LEAST_SHARE * registered, f"I11 {taken_up} of {registered} parcels were taken up meanwhile")
    for service, generations in visits.items():
        told = f"F19 the group of {service} was in the generations {generations} when strangers left it"
        run.must(changed_each_time(generations), told)


def changed_each_time(generations: Sequence[int]) -> bool:
    """Tell whether a group, by its generation at the end of each visit, was divided anew for each visitor.

    The broker counts a generation for each division; one may be for who left and for who came next.
    """
    return any(generations) and generations[0] > 1 and all(after > before for before, after in pairwise(generations))


def _stranger(run: Run, service: str) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        *sorted(HEARD[service]),
        bootstrap_servers=run.office.stack.kafka.split(","),
        group_id=service,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )


async def _listen(strangers: Sequence[AIOKafkaConsumer], for_s: float) -> None:
    """Fetch and forget: nothing is committed, so that whoever comes next reads it again."""
    ends_at = asyncio.get_running_loop().time() + for_s
    while asyncio.get_running_loop().time() < ends_at:
        await asyncio.gather(*(stranger.getmany(timeout_ms=100) for stranger in strangers))


async def registered_and_taken_up(run: Run) -> tuple[int, int]:
    """Return how many parcels the parcel service registered, and how many of them tracking has heard of."""
    counts = []
    for service, query in (
        ("parcel", "select count(*) from parcel"),
        ("tracking", "select count(*) from journey where registered"),
    ):
        connection = await asyncpg.connect(run.office.stack.databases[service].service)
        try:
            counts.append(await connection.fetchval(query))
        finally:
            await connection.close()
    return counts[0], counts[1]


SCENARIOS = [Scenario("F19", "members come and go", join_and_leave)]

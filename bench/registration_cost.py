"""P13: what a registration costs in statements, commits, bytes of the log and bytes in the topics; nothing is timed.

It is asked for as a counter does, by a request, so that all that the route does counts. The numbers of parcels come two
hundred at a time, in a transaction of their own that is shown beside and not counted.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from bench import topic_bytes
from bench.counter_in_process import Counter, counter
from bench.counters import Cost, cost_of
from bench.ground import Ground
from bench.metric import Metric
from bench.raw_registration import STATEMENT, Sample, read_samples
from bench.rounds import Measurement, Round
from bench.sample_parcel import OFFICE, register_samples
from bench.simulated_bodies import BODIES
from onebox.postgres import databases
from onebox.postgres.databases import ServiceDatabase
from services.parcel.numbers.entrypoints.item_numbers import ItemNumbers

PARCELS = 2 * BODIES
MEASURED = range(BODIES, BODIES + PARCELS)
AT_ONCE = 32
INDICATOR = "PD"
MOST = 1.3
"""Bytes of ours over bytes of the raw side."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What one registration costs: by the statement made by hand, and by ours."""

    raw: Cost
    one_at_a_time: Cost
    together: Cost
    """When thirty-two wait for each other."""
    number: Cost
    raw_topic_bytes: float
    topic_bytes: float

    @property
    def shortfalls(self) -> list[str]:
        """Return what is more than it may be, apart from the bytes of the log."""
        found = {
            "more than one statement": self.one_at_a_time.statements > 1 or self.together.statements > 1,
            "more than one commit": self.one_at_a_time.commits > 1 or self.together.commits > 1,
            "more bytes in the topics": self.topic_bytes > MOST * self.raw_topic_bytes,
        }
        return [what for what, is_so in found.items() if is_so]


async def count(ground: Ground) -> Costs:
    """Count both sides, each on a database of its own."""
    async with ground.database("parcel") as lent:
        await register_samples(lent.service_url)
        samples = await _samples(lent.service_url)
        raw = await _cost(ground, lent, lambda: _raw(lent.service_url, samples))
        raw_topic_bytes = await topic_bytes.of_rows(lent) / (BODIES + PARCELS)
    async with ground.database("parcel") as lent, counter(lent, ground.folder) as clerk:
        # As many as the raw side begins with: the log has each page whole that is met first after its checkpoint.
        await _one_at_a_time(clerk, range(BODIES))
        one_at_a_time = await _cost(ground, lent, lambda: _one_at_a_time(clerk, MEASURED))
        topic = await topic_bytes.relayed(ground, lent) / (BODIES + PARCELS)
        together = await _cost(ground, lent, lambda: _together(clerk))
        number = await _cost(ground, lent, lambda: _numbers(clerk))
    return Costs(raw, one_at_a_time, together, number, raw_topic_bytes, topic)


async def measure(ground: Ground) -> Measurement:
    """Compare the bytes of the log; the rest stands beside, and falls short if it is too much."""
    costs = await count(ground)
    return Measurement(
        [Round(costs.one_at_a_time.wal_bytes, costs.raw.wal_bytes)],
        details={
            "statements": costs.one_at_a_time.statements,
            "commits": costs.one_at_a_time.commits,
            "statements, 32 at once": costs.together.statements,
            "commits, 32 at once": costs.together.commits,
            "bytes of the log, 32 at once": costs.together.wal_bytes,
            "bytes in the topics": costs.topic_bytes,
            "bytes in the topics, raw": costs.raw_topic_bytes,
            "statements for its number": costs.number.statements,
        },
        shortfalls=costs.shortfalls,
    )


METRIC = Metric(
    name="P13",
    sentence="bytes of the log that a registration writes",
    raw="the same rows by one statement made by hand",
    unit="bytes",
    must=MOST,
    aim=1.1,
    measure=measure,
    higher_is_better=False,
    code=("shared", "services/parcel"),
)


async def _cost(ground: Ground, lent: ServiceDatabase, work: Callable[[], Awaitable[None]]) -> Cost:
    whole = await cost_of(work, databases.url_of(ground.postgres_url, lent.name), lent.service)
    return whole.each(PARCELS)


async def _samples(service_url: str) -> Sequence[Sample]:
    """Read what is written again; the first to read a page notes on it what has committed, which the log has too."""
    connection = await asyncpg.connect(service_url)
    try:
        return await read_samples(connection)
    finally:
        await connection.close()


async def _raw(service_url: str, samples: Sequence[Sample]) -> None:
    connection = await asyncpg.connect(service_url)
    try:
        statement = await connection.prepare(STATEMENT)
        for serial in MEASURED:
            await statement.fetch(*samples[serial % BODIES].row(serial))
    finally:
        await connection.close()


async def _one_at_a_time(clerk: Counter, serials: range) -> None:
    for serial in serials:
        await clerk.register(serial)


async def _together(clerk: Counter) -> None:
    for portion in range(MEASURED.stop, MEASURED.stop + PARCELS, AT_ONCE):
        await asyncio.gather(*(clerk.register(portion + place) for place in range(AT_ONCE)))


async def _numbers(clerk: Counter) -> None:
    item_numbers = ItemNumbers(clerk.database)
    for _ in range(PARCELS):
        await item_numbers.take(OFFICE, INDICATOR)

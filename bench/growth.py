"""P8: what ten and a hundred times as many stored parcels cost reads and rates, over our own figures at one time.

A hundred times are two million parcels, with their answers, events, journeys and sixteen million scans: some 11 GB.
Rates write: each of their rounds has the two smaller sizes anew, as copies, while the largest grows by a tenth in all.
"""

import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from operator import truediv
from statistics import median

import asyncpg

from bench import drained, grown_tables, projection_rate
from bench.ground import Ground
from bench.metric import Metric
from bench.parcel_events import fill
from bench.quantiles import Took
from bench.registration_rate import saturated
from bench.rounds import STEADY, Measurement, Round, bootstrap_interval, spread
from bench.running_post import running_post
from onebox.configuration import DatabaseUrls
from onebox.postgres import databases
from onebox.postgres.databases import ServiceDatabase
from services.parcel.posting.store.parcel_lists import Filter
from services.parcel.posting.use_cases.find_parcel import find_parcel
from services.parcel.posting.use_cases.find_parcels import find_parcels
from services.tracking.use_cases.find_journey import find_journey
from shared.access.roles import Actor, Role
from shared.db.connection import Database, Tx
from shared.s10 import ItemNumber
from tests.support.topics import emptied

PARCELS = 20_000
TIMES = (1, 10, 100)
RATE_ROUNDS = 7
"""At most: one of them takes a minute."""
READS = 2_000
PAGE = 50
SECONDS = 5
MS = 1_000
ROWS = 60_000
EVENTS_OF_PARCELS = 20_000
CHECKPOINTS = "checkpoints that began meanwhile"
SLOWEST_RATE, RATE_AIM = 0.85, 0.95
SLOWEST_READ, READ_AIM = 1.5, 1.2
AUDITOR = Actor("bench", Role.AUDITOR, None)
Figures = dict[tuple[str, int], list[float]]
"""What was measured, by what it was and by how many times the parcels there were."""
FILL = """
    insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload)
    select gen_random_uuid(), $1, 'PD' || n, 'parcel.registered.v1', now(),
        '00-' || md5(n::text) || '-0123456789abcdef-00', md5(n::text), rpad('{"n": ' || n, 400, 'x')::bytea
    from generate_series(1, $2::integer) as n
"""


@dataclass(frozen=True, slots=True)
class Grown:
    """The two databases at one size."""

    ground: Ground
    times: int
    parcel: ServiceDatabase
    tracking: ServiceDatabase

    @property
    def reads(self) -> Mapping[str, tuple[ServiceDatabase, Callable[[Tx, random.Random], Awaitable[object]]]]:
        """Return each read, with where it reads."""
        return {
            "a journey": (self.tracking, self._journey),
            "a parcel": (self.parcel, self._parcel),
            "an office's newest parcels": (self.parcel, self._of_office),
            "a phone's parcels": (self.parcel, self._of_phone),
        }

    @property
    def rates(self) -> Mapping[str, Callable[[int], Awaitable[float]]]:
        """Return each rate, for so many events in the topic; registering, which empties it, comes last."""
        return {"events applied": self._applied, "events relayed": self._relayed, "registrations": self._registrations}

    def _number(self, chance: random.Random) -> ItemNumber:
        serial = grown_tables.FIRST_SERIAL + chance.randrange(self.times * PARCELS)
        return ItemNumber(grown_tables.INDICATOR, serial, "KH")

    async def _journey(self, tx: Tx, chance: random.Random) -> object:
        return await find_journey(tx, self._number(chance), {})

    async def _parcel(self, tx: Tx, chance: random.Random) -> object:
        return await find_parcel(tx, AUDITOR, str(self._number(chance)))

    async def _of_office(self, tx: Tx, chance: random.Random) -> object:
        office = f"TK{chance.randrange(grown_tables.OFFICES) + 1:02}A"
        found = await find_parcels(tx, AUDITOR, Filter(office), PAGE)
        assert len(found) == PAGE
        return found

    async def _of_phone(self, tx: Tx, chance: random.Random) -> object:
        phone = f"+85597{1_000_000 + chance.randrange(self.times * PARCELS) // 2}"
        found = await find_parcels(tx, AUDITOR, Filter(phone=phone), PAGE)
        assert len(found) == 2
        return found

    async def _applied(self, events: int) -> float:
        return await projection_rate.ours(self.ground, self.tracking, events)

    async def _registrations(self, _events: int) -> float:
        urls = {"parcel": DatabaseUrls(self.parcel.owner_url, self.parcel.service_url)}
        async with running_post(self.ground, databases=urls) as post:
            return (await saturated(post, SECONDS)).per_s

    async def _relayed(self, _events: int) -> float:
        topic = await self.ground.topic("bench.grown")
        connection = await asyncpg.connect(self.parcel.service_url)
        try:
            await connection.execute("update outbox set sent_at = now() where sent_at is null")
            await connection.execute(FILL, topic, ROWS)
        finally:
            await connection.close()
        return await drained.rows_per_s(self.ground, self.parcel, "parcel", topic)


async def measure(ground: Ground) -> Measurement:
    """Read at each size in turn, there and back, as often as there are rounds; only then let the rates write."""
    figures: Figures = defaultdict(list)
    async with AsyncExitStack() as lent:
        sizes = [await lent.enter_async_context(_grown(ground, times)) for times in TIMES]
        for number in range(ground.rounds):
            for grown in _in_turn(sizes, number):
                await _read(grown, figures, seed=number)
            print(f"  reads, round {number + 1} of {ground.rounds}")
        rounds = min(ground.rounds, RATE_ROUNDS)
        for number in range(rounds):
            await _rates(sizes, figures, number)
            print(f"  rates, round {number + 1} of {rounds}")
        reads, rates = list(sizes[0].reads), list(sizes[0].rates)
    return judged(figures, reads, rates)


METRIC = Metric(
    name="P8",
    sentence="p99 of the read that ten or a hundred times the parcels slow down most",
    raw="the same read among 20,000 parcels",
    unit="ms",
    must=SLOWEST_READ,
    aim=READ_AIM,
    measure=measure,
    higher_is_better=False,
    code=("shared", "services/parcel", "services/tracking"),
)


@asynccontextmanager
async def _grown(ground: Ground, times: int) -> AsyncIterator[Grown]:
    async with ground.database("parcel") as parcel, ground.database("tracking") as tracking:
        began = time.monotonic()
        urls = [databases.url_of(ground.postgres_url, one.name) for one in (parcel, tracking)]
        size = await grown_tables.grow(urls[0], urls[1], times * PARCELS)
        print(f"  {times * PARCELS:,} parcels: {size / 1e9:.2f} GB in {time.monotonic() - began:.0f} s")
        await _checkpoint(ground)
        yield Grown(ground, times, parcel, tracking)


def _in_turn(sizes: list[Grown], number: int) -> list[Grown]:
    return sizes if number % 2 == 0 else sizes[::-1]


async def _rates(sizes: list[Grown], figures: Figures, number: int) -> None:
    ground = sizes[0].ground
    await emptied(ground.kafka)
    # Parcels of no other round: where they are applied already, there is nothing to do.
    events = await fill(ground.kafka, EVENTS_OF_PARCELS, first=number * EVENTS_OF_PARCELS)
    async with AsyncExitStack() as lent:
        anew = [await lent.enter_async_context(_anew(grown)) for grown in sizes]
        for what in anew[0].rates:
            for grown in _in_turn(anew, number):
                # One that falls into a rate of seconds takes a fifth of it, whatever the number of parcels.
                await _checkpoint(ground)
                begun = await _checkpoints(ground)
                figures[what, grown.times].append(await grown.rates[what](events))
                figures[CHECKPOINTS, grown.times].append(await _checkpoints(ground) - begun)


async def _checkpoint(ground: Ground) -> None:
    admin = await asyncpg.connect(ground.postgres_url)
    try:
        await admin.execute("checkpoint")
    finally:
        await admin.close()


async def _checkpoints(ground: Ground) -> int:
    admin = await asyncpg.connect(ground.postgres_url)
    try:
        begun: int = await admin.fetchval("select num_timed + num_requested from pg_stat_checkpointer")
    finally:
        await admin.close()
    return begun


@asynccontextmanager
async def _anew(grown: Grown) -> AsyncIterator[Grown]:
    """Lend copies to write into; the largest size, to which a round adds little, is itself written into."""
    if grown.times == TIMES[-1]:
        yield grown
        return
    async with grown.ground.copy(grown.parcel) as parcel, grown.ground.copy(grown.tracking) as tracking:
        yield Grown(grown.ground, grown.times, parcel, tracking)


async def _read(grown: Grown, figures: Figures, seed: int) -> None:
    for what, (lent, read) in grown.reads.items():
        chance, took_s = random.Random(seed), []
        database = await Database.open(lent.service_url, pool_size=1, application="bench")
        async with database.connection() as connection:
            for _ in range(READS):
                began = time.perf_counter()
                await read(connection, chance)
                took_s.append(time.perf_counter() - began)
        await database.close()
        figures[what, grown.times].append(Took.of(took_s).p99_s * MS)


def judged(figures: Figures, reads: Sequence[str], rates: Sequence[str]) -> Measurement:
    """Take the read whose interval ends highest for the metric; each other and each rate is held to its own limits.

    What is not steady at its smallest size is not judged, but a read that is fast enough all the same, and a rate of
    which the best round falls short of the worst at the smallest size.
    """
    over_one = {
        (what, times): list(map(truediv, figures[what, times], figures[what, 1]))
        for what in (*reads, *rates)
        for times in TIMES[1:]
    }
    intervals = {one: bootstrap_interval(ratios) for one, ratios in over_one.items()}
    worst = max((one for one in over_one if one[0] in reads), key=lambda one: intervals[one][1])
    ends = {one: (high if one[0] in reads else low) for one, (low, high) in intervals.items() if one != worst}
    missed = [one for one, end in ends.items() if (end > SLOWEST_READ if one[0] in reads else end < SLOWEST_RATE)]
    beyond = [one for one, end in ends.items() if (end > READ_AIM if one[0] in reads else end < RATE_AIM)]
    varies = {what: spread(figures[what, 1]) for what in (*reads, *rates)}
    unsteady = [what for what, share in varies.items() if share > STEADY]
    slower = {one for one in ends if one[0] in rates and max(figures[one]) < SLOWEST_RATE * min(figures[one[0], 1])}
    told = {
        one: f"{one[0]} at {one[1]} times: {end:.2f}"
        for one, end in ends.items()
        if one[0] not in unsteady or one in slower
    }
    missed_whats = {what for what, _ in missed}
    return Measurement(
        [Round(ours, raw) for ours, raw in zip(figures[worst], figures[worst[0], 1], strict=True)],
        details={
            "the read": f"{worst[0]} at {worst[1]} times",
            **{
                f"{what} at {times} times": f"{median(over_one[what, times]):.2f}, {low:.2f} to {high:.2f}"
                for (what, times), (low, high) in intervals.items()
            },
            **{f"{CHECKPOINTS} at {times} times": sum(figures.get((CHECKPOINTS, times), ())) for times in TIMES},
        },
        shortfalls=[told[one] for one in missed if one in told],
        short_of_aim=[told[one] for one in beyond if one in told and one not in missed],
        unjudged=[
            f"{what}, which vary by {varies[what]:.0%} at one time"
            for what in unsteady
            if what in rates or what in missed_whats
        ],
    )

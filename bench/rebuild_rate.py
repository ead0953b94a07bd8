"""P11: how fast the journeys are made anew from the log of scans, against the rate at which they came to be.

Each round applies a topic live and then rebuilds what that left, while somebody reads journeys all the time.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import uvloop

from bench.ground import Ground
from bench.metric import Metric
from bench.parcel_events import fill, item_number
from bench.projection_rate import ours as live_rate
from bench.rounds import Measurement, Round
from onebox.postgres.databases import ServiceDatabase
from services.tracking.entrypoints.rebuild import rebuild
from services.tracking.main import NAME
from services.tracking.use_cases.find_journey import find_journey
from shared.db.connection import Database
from shared.s10 import ItemNumber
from tests.support.topics import emptied

PARCELS = 20_000
READ_EVERY_S = 0.02
SLOWEST_READ_MS = 1_000.0


@dataclass(slots=True)
class Reads:
    """Journeys that were read one after the other, and how long each took."""

    took_ms: list[float] = field(default_factory=list)

    async def go_on(self, url: str) -> None:
        """Read until cancelled; a journey that is not found is an error."""
        database = await Database.open(url, pool_size=1, application="bench")
        try:
            while True:
                began = time.perf_counter()
                async with database.connection() as connection:
                    await find_journey(connection, ItemNumber.parse(item_number(len(self.took_ms) % PARCELS)), {})
                self.took_ms.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(READ_EVERY_S)
        finally:
            await database.close()


async def one_round(ground: Ground, events: int, reads: Reads) -> Round:
    """Return the rates of a rebuild and of the live consumer, both in scans a second."""
    async with ground.database(NAME) as lent:
        live = await live_rate(ground, lent, events)
        return Round(await _rebuild_rate(lent, reads), live)


async def _rebuild_rate(lent: ServiceDatabase, reads: Reads) -> float:
    reading = asyncio.create_task(reads.go_on(lent.service_url))
    try:
        rebuilding = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.rebuild_rate", lent.owner_url, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await rebuilding.communicate()
    finally:
        reading.cancel()
        await asyncio.wait([reading])
    if not reading.cancelled() and (error := reading.exception()):
        raise error
    done = json.loads(told)
    assert done["scans"] >= PARCELS, done
    assert done["journeys"] == PARCELS, done
    assert not done["faults"], done
    return float(done["scans"] / done["seconds"])


async def measure(ground: Ground) -> Measurement:
    """Measure rounds after one that does not count."""
    await emptied(ground.kafka)
    events, reads = await fill(ground.kafka, PARCELS), Reads()
    await one_round(ground, events, Reads())
    rounds = []
    for number in range(ground.rounds):
        rounds.append(await one_round(ground, events, reads))
        print(f"  round {number + 1}: {rounds[-1].ours:,.0f} to {rounds[-1].raw:,.0f}, ratio {rounds[-1].ratio:.3f}")
    slowest = max(reads.took_ms)
    return Measurement(
        rounds,
        details={
            "reads answered meanwhile": f"{len(reads.took_ms):,}",
            "p99 of a read, ms": _p99(reads.took_ms),
            "slowest read, ms": slowest,
        },
        shortfalls=[f"a read took {slowest:,.0f} ms"] if slowest > SLOWEST_READ_MS else [],
    )


METRIC = Metric(
    name="P11",
    sentence="scans folded by a rebuild of the journeys, compared and swapped in, with reads served",
    raw="tracking's consumer, live",
    unit="/s",
    must=0.9,
    aim=1.5,
    measure=measure,
    code=("shared", "services/tracking"),
)


def _p99(figures: Sequence[float]) -> float:
    return sorted(figures)[int(len(figures) * 0.99)]


async def _rebuild_alone(url: str) -> None:
    """Rebuild in a process of its own, as the command does, and tell what was done."""
    report = await rebuild(url, lambda _line: None)
    told = {"scans": report.scans, "journeys": report.journeys, "seconds": report.seconds, "faults": +report.faults}
    print(json.dumps(told))


if __name__ == "__main__":
    uvloop.run(_rebuild_alone(sys.argv[1]))

"""`python -m bench.raw_load DSN`: raw registrations as fast as their answers come, or at a rate that is fixed.

A process of its own, as the service is. The database holds some parcels already, for the others to be modelled on.
"""

import argparse
import asyncio
import gc
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import asyncpg
import orjson
import uvloop

from bench.raw_registration import STATEMENT, Sample, read_samples

ENDS_WITHIN_S = 30.0
LATE_S = 0.005
"""As in load/register.lua, which counts what is overdue when its turn comes."""
APART = 10_000_000
"""Between the numbers of two clients."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a run reached."""

    written: int
    lasted_s: float
    p50_s: float
    p99_s: float
    late: int
    """Statements overdue by more than five milliseconds when their turn came, or that waited as long to leave."""

    @property
    def written_per_s(self) -> float:
        """Return the rate of statements."""
        return self.written / self.lasted_s


@dataclass(slots=True)
class _Load:
    """Statements on prepared connections, and how long each took."""

    samples: Sequence[Sample]
    serial: int
    """Of the parcel before the first."""
    took_s: list[float] = field(default_factory=list)
    late: int = 0

    async def write(self, statement: asyncpg.prepared_stmt.PreparedStatement) -> None:
        self.serial += 1
        left = time.perf_counter()
        await statement.fetch(*self.samples[self.serial % len(self.samples)].row(self.serial))
        self.took_s.append(time.perf_counter() - left)

    async def closed(self, statements: list[asyncpg.prepared_stmt.PreparedStatement], seconds: float) -> None:
        """Write on every connection, the next parcel as soon as the last one is there."""
        end = time.perf_counter() + seconds

        async def one_after_another(statement: asyncpg.prepared_stmt.PreparedStatement) -> None:
            while time.perf_counter() < end:
                await self.write(statement)

        await asyncio.gather(*map(one_after_another, statements))

    async def paced(
        self, statements: list[asyncpg.prepared_stmt.PreparedStatement], seconds: float, rate: float
    ) -> None:
        """Begin a parcel at each of its instants; one that finds no free connection leaves late, as from wrk."""
        free: asyncio.LifoQueue[asyncpg.prepared_stmt.PreparedStatement] = asyncio.LifoQueue()
        for statement in statements:
            free.put_nowait(statement)

        async def one() -> None:
            came = time.perf_counter()
            statement = await free.get()
            self.late += time.perf_counter() - came > LATE_S
            await self.write(statement)
            free.put_nowait(statement)

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for place in range(int(rate * seconds)):
                wait_s = began + place / rate - time.perf_counter()
                self.late += wait_s < -LATE_S
                if wait_s > 0:
                    await asyncio.sleep(wait_s)
                group.create_task(one())


async def run(url: str, seconds: int, *, connections: int, rate: float = 0, place: int = 0) -> Written:
    """Write for some seconds in a process of its own, one of some; without a rate as fast as answers come."""
    arguments = [url, str(seconds), str(connections), str(rate), str(place)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.raw_load", *arguments, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(seconds + ENDS_WITHIN_S):
        output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the raw side failed; its words are above")
    return Written(**orjson.loads(output))


async def _here(url: str, seconds: float, connections: int, rate: float, place: int) -> Written:
    opened = [await asyncpg.connect(url) for _ in range(connections)]
    there = await opened[0].fetchval("select count(*) from parcel")
    load = _Load(await read_samples(opened[0]), place * APART + there)
    statements = [await connection.prepare(STATEMENT) for connection in opened]
    # The least that a program can do: nothing of ours may be blamed on the collector of the other side.
    gc.disable()
    began = time.perf_counter()
    await (load.paced(statements, seconds, rate) if rate else load.closed(statements, seconds))
    lasted_s = time.perf_counter() - began
    ordered = sorted(load.took_s)
    return Written(len(ordered), lasted_s, ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], load.late)


def main() -> None:
    """Write, and print what was reached as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("seconds", type=float)
    parser.add_argument("connections", type=int)
    parser.add_argument("rate", type=float)
    parser.add_argument("place", type=int)
    told = vars(parser.parse_args())
    sys.stdout.buffer.write(orjson.dumps(asdict(uvloop.run(_here(**told)))))


if __name__ == "__main__":
    main()

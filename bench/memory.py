"""P7: the memory of each service, idle and after many events, against a process that imports the same libraries.

Memory is what the kernel counts as resident in the process (RSS).
"""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median

import asyncpg
import psutil

from bench.ground import Ground
from bench.metric import Metric
from bench.parcel_events import fill, until_taken
from bench.rounds import Measurement, Round
from onebox.configuration import SERVICES, DatabaseUrls
from shared.contracts import tracking
from tests.support.topics import emptied
from tests.system.stack import Stack

SETTLE_S = 5.0
SAMPLES = 10
SAMPLE_EVERY_S = 0.3
SENT_WITHIN_S = 600.0
PORTION = 100_000
WARM_PORTIONS = 3
GROWTH, GROWTH_AIM = 1.05, 1.01
MUST, AIM = 1.6, 1.3
MEBIBYTE = 2**20
OURS = ("services", "shared", "onebox", "bench", "tests")
WHEN_IT_SERVES = ("uvicorn.lifespan.on", "uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl")
"""What a server imports by name once it runs."""
LIST = "import json, sys, services.{0}.__main__; print(json.dumps(list(sys.modules)))"
IMPORT = """
import contextlib, importlib, sys
for name in sys.argv[1:]:
    with contextlib.suppress(ImportError):  # what another module has put there, or reads only in its own order
        importlib.import_module(name)
print(flush=True)
sys.stdin.read()
"""

Memory = Mapping[str, float]
"""Resident MiB of each service's process."""


async def measure(ground: Ground) -> Measurement:
    """Measure idle services and bare processes in rounds, then the services after many events."""
    rounds = []
    for number in range(ground.rounds):
        bare = {service: await bare_mib(service) for service in SERVICES}
        async with _services(ground) as stack:
            idle = await _settled(stack)
        worst = max(SERVICES, key=lambda service: idle[service] / bare[service])
        rounds.append(Round(idle[worst], bare[worst]))
        print(f"  round {number + 1}: {_told(idle)} to {_told(bare)}, at worst {rounds[-1].ratio:.3f}")
    async with _services(ground) as stack:
        warm = await _after(ground, stack, 0, WARM_PORTIONS)
        full = await _after(ground, stack, WARM_PORTIONS, ground.events // PORTION)
    return _judged(rounds, bare, warm, full, ground.events)


def _judged(rounds: list[Round], bare: Memory, warm: Memory, full: Memory, events: int) -> Measurement:
    details: dict[str, float | str] = {"events in between": f"{events:,}"}
    shortfalls: list[str] = []
    short_of_aim: list[str] = []
    for service in SERVICES:
        growth, share = full[service] / warm[service], full[service] / bare[service]
        details[f"{service} after {events:,} events, MiB"] = full[service]
        details[f"{service} then, over bare"] = share
        details[f"{service} growth"] = growth
        if growth > GROWTH_AIM:
            (shortfalls if growth > GROWTH else short_of_aim).append(f"{service} grew by {growth - 1:.1%}")
        if share > AIM:
            (shortfalls if share > MUST else short_of_aim).append(f"{service} ended at {share:.2f} times bare")
    return Measurement(rounds, details=details, shortfalls=shortfalls, short_of_aim=short_of_aim)


METRIC = Metric(
    name="P7",
    sentence="resident memory of an idle service, of the one where it is worst",
    raw="a process that only imports the same libraries",
    unit="MiB",
    must=MUST,
    aim=AIM,
    measure=measure,
    higher_is_better=False,
)


async def bare_mib(service: str) -> float:
    """Return the memory of a process that imports what a service imports of others, and nothing of ours."""
    listing = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LIST.format(service), stdout=asyncio.subprocess.PIPE
    )
    listed, _ = await listing.communicate()
    theirs = [name for name in json.loads(listed) if name.partition(".")[0] not in (*OURS, "__main__")]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        IMPORT,
        *theirs,
        *WHEN_IT_SERVES,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"\n"
        return _resident_mib(process.pid)
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _services(ground: Ground) -> AsyncIterator[Stack]:
    folder = ground.folder / f"memory-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    async with AsyncExitStack() as lent:
        fresh = {name: await lent.enter_async_context(ground.database(name)) for name in SERVICES}
        await emptied(ground.kafka)
        urls = {name: DatabaseUrls(one.owner_url, one.service_url) for name, one in fresh.items()}
        stack = await Stack.prepare(folder, ground.kafka, urls)
        try:
            await stack.start_all()
            yield stack
        finally:
            await stack.stop_all()


async def _after(ground: Ground, stack: Stack, first: int, portions: int) -> Memory:
    """Send the events of parcels through all three services and return their memory when all of it is done.

    In portions of one size, each to its end: what a longer backlog takes while it lasts is no growth.
    """
    for portion in range(first, first + portions):
        await fill(ground.kafka, PORTION, portion * PORTION)
        await until_taken(ground.kafka, "tracking")
        await _until_sent(stack.databases["tracking"].service)
        for group in ("parcel", "notifications"):
            await until_taken(ground.kafka, group, tracking.TOPIC)
    return await _settled(stack)


async def _until_sent(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(SENT_WITHIN_S):
            while await connection.fetchval("select exists (select from outbox where sent_at is null)"):
                await asyncio.sleep(SAMPLE_EVERY_S)
    finally:
        await connection.close()


async def _settled(stack: Stack) -> Memory:
    """Return the memory of each service once it has been idle for a while."""
    await asyncio.sleep(SETTLE_S)
    samples = []
    for _ in range(SAMPLES):
        samples.append({name: _resident_mib(stack.processes[name].pid) for name in SERVICES})
        await asyncio.sleep(SAMPLE_EVERY_S)
    return {name: median(sample[name] for sample in samples) for name in SERVICES}


def _resident_mib(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / MEBIBYTE


def _told(memory: Memory) -> str:
    return ", ".join(f"{name} {mib:.0f}" for name, mib in memory.items())

"""wrk, the compiled client of the HTTP metrics: registers parcels as fast as answers come, or at a rate that is fixed.

At a rate, each request leaves at its instant whatever became of those before it; wrk times from when it left.
"""

import asyncio
import itertools
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

SCRIPT = Path(__file__).parent / "load" / "register.lua"
TIMEOUT_S = 10
ENDS_WITHIN_S = 30.0
LATEST_SHARE = 0.01
"""Share of requests that may leave later than they were due, before the load is not what it says."""

_runs = itertools.count(int(time.time()) % 100_000)


class NoWrk(SystemExit):
    """The client is not installed."""

    def __init__(self) -> None:
        super().__init__("The HTTP metrics need wrk, which is not here: install the package wrk (apt install wrk).")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a run of wrk was answered; times are of all answers, refusals too."""

    sent: int
    created: int
    refused: int
    """429 and 503."""
    other: int
    late: int
    """Requests that left more than five milliseconds after they were due."""
    slow: int
    """Answers that took longer than a second."""
    lost: int
    lasted_s: float
    p50_s: float
    p99_s: float

    @property
    def failed(self) -> int:
        """Return how many did not become a registration."""
        return self.refused + self.other + self.lost

    @property
    def created_per_s(self) -> float:
        """Return the rate of registrations."""
        return self.created / self.lasted_s

    @property
    def sent_per_s(self) -> float:
        """Return the rate of requests, whatever became of them."""
        return self.sent / self.lasted_s


async def register(
    url: str, tokens: Path, bodies: Path, seconds: int, *, connections: int, rate: float = 0
) -> Answered:
    """Register parcels for some seconds, under tokens and of bodies in turn; without a rate as fast as answers come.

    Raises: NoWrk, RuntimeError if wrk fails.
    """
    program = shutil.which("wrk")
    if program is None:
        raise NoWrk
    if rate:
        # An idle connection is closed by the service after five seconds: each is used at least once in one.
        connections = max(1, min(connections, int(rate)))
    load = ["--threads=1", f"--connections={connections}", f"--duration={seconds}s", f"--timeout={TIMEOUT_S}s"]
    told = [str(tokens), str(bodies), str(next(_runs)), f"{rate:.3f}"]
    process = await asyncio.create_subprocess_exec(
        program, *load, "--script", str(SCRIPT), url, "--", *told, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(seconds + ENDS_WITHIN_S):
        output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"wrk ended with {process.returncode}: {output.decode()}")
    return Answered(**orjson.loads(output.splitlines()[-1]))

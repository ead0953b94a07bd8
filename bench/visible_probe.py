"""`python -m bench.visible_probe …`: registers parcels at an even pace and looks for each until tracking shows it.

A process of its own beside the load, so that neither waits for the other. The wait of a parcel begins when its 201 is
read here and ends when a read of its journey has been answered 200.
"""

import argparse
import asyncio
import gc
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.simulated_bodies import body
from onebox.simulator.connections import Connections
from shared.ids import new_id

CONNECTIONS = 32
WITHIN_S = 30.0
PAUSE_S = 0.004
"""Counts against us; looking more often would be the larger part of the load."""
PAUSE_SHARE = 0.05
"""Of the wait so far, so that looking for what is late does not make all else late."""
ENDS_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A parcel that was looked for; times are of the machine's monotonic clock."""

    item_number: str
    registered_at: float
    seen_at: float


@dataclass(frozen=True, slots=True)
class Probe:
    """Where to register, where to look, and under which tokens."""

    parcel: Connections
    tracking: Connections
    tokens: list[str]

    async def once(self, serial: int) -> Seen:
        """Register a parcel and look for it until it is seen."""
        number = await self._register(serial)
        registered_at = time.perf_counter()
        async with asyncio.timeout(WITHIN_S):
            while await self._status(number) != 200:
                await asyncio.sleep(max(PAUSE_S, PAUSE_SHARE * (time.perf_counter() - registered_at)))
        return Seen(number, registered_at, time.perf_counter())

    async def _register(self, serial: int) -> str:
        token = self.tokens[serial % len(self.tokens)]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id())}
        answer = await self.parcel.ask("POST", "/parcels", headers, body(serial), WITHIN_S)
        assert answer.status == 201, answer
        return str(orjson.loads(answer.body)["item_number"])

    async def _status(self, number: str) -> int:
        answer = await self.tracking.ask("GET", f"/journeys/{number}", {}, b"", WITHIN_S)
        assert answer.status in {200, 404}, answer
        return answer.status


async def run(parcel_url: str, tracking_url: str, tokens: Path, seconds: int, per_s: float) -> list[Seen]:
    """Look for some seconds in a process of its own."""
    arguments = [parcel_url, tracking_url, str(tokens), str(seconds), str(per_s)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.visible_probe", *arguments, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(seconds + ENDS_WITHIN_S):
        output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("looking for parcels failed; its words are above")
    return [Seen(**one) for one in orjson.loads(output)]


async def _here(told: argparse.Namespace) -> list[Seen]:
    probe = Probe(
        Connections(told.parcel_url, CONNECTIONS),
        Connections(told.tracking_url, CONNECTIONS),
        told.tokens.read_text().split(),
    )
    gc.disable()
    began = time.perf_counter()
    looking: list[asyncio.Task[Seen]] = []
    async with asyncio.TaskGroup() as group:
        for serial in range(int(told.seconds * told.per_s)):
            await asyncio.sleep(max(0.0, began + serial / told.per_s - time.perf_counter()))
            looking.append(group.create_task(probe.once(serial)))
    return [one.result() for one in looking]


def main() -> None:
    """Look, and print how long it took as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parcel_url")
    parser.add_argument("tracking_url")
    parser.add_argument("tokens", type=Path)
    parser.add_argument("seconds", type=float)
    parser.add_argument("per_s", type=float)
    sys.stdout.buffer.write(orjson.dumps(asyncio.run(_here(parser.parse_args()))))


if __name__ == "__main__":
    main()

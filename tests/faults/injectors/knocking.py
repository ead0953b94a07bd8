"""Knocking at a port from any network namespace: whether it opens there, and how long a round trip takes.

`python -m tests.faults.injectors.knocking 10.77.0.1 5432 5 2.0` knocks five times, waits two seconds at most each time,
and writes the seconds that each took, `null` where the door stayed shut.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Sequence

from tests.support.addresses import ROOT

STARTED_WITHIN_S = 30.0


async def knock(prefix: Sequence[str], address: str, port: int, times: int, within_s: float) -> list[float | None]:
    """Return how long each connection took, one after another, None for one that failed; a prefix says from where."""
    asked = [address, str(port), str(times), str(within_s)]
    command = [*prefix, sys.executable, "-m", "tests.faults.injectors.knocking", *asked]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(STARTED_WITHIN_S + times * within_s):
            told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    took_s: list[float | None] = json.loads(told)
    return took_s


def _knock(address: str, port: int, within_s: float) -> float | None:
    began_at = time.monotonic()
    try:
        socket.create_connection((address, port), timeout=within_s).close()
    except OSError:
        return None
    return time.monotonic() - began_at


def main(asked: Sequence[str]) -> None:
    """Knock as asked."""
    address, port, times, within_s = asked
    print(json.dumps([_knock(address, int(port), float(within_s)) for _ in range(int(times))]))


if __name__ == "__main__":
    main(sys.argv[1:])

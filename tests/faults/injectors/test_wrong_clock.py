"""A process with a wrong clock has a wrong time of day and true intervals."""

import asyncio
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.faults.injectors.wrong_clock import WrongClock, why_not
from tests.support.waiting import until

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

TELL = "import sys, time\nwhile sys.stdin.readline(): print(time.time(), time.monotonic(), flush=True)"


async def test_a_clock_is_put_wrong_and_right_again_in_a_running_process(tmp_path: Path) -> None:
    clock = WrongClock(tmp_path / "clock")
    clock.set("+1h")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TELL),
        env={**os.environ, **clock.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    async def wrong_by_s() -> float:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"\n")
        of_day, monotonic = map(float, (await process.stdout.readline()).split())
        assert abs(monotonic - time.monotonic()) < 5
        return of_day - time.time()

    async def is_wrong_by(expected_s: float) -> bool:
        return abs(await wrong_by_s() - expected_s) < 5

    async def is_ahead_by_a_minute() -> bool:
        return await wrong_by_s() >= 60

    assert await is_wrong_by(3_600)
    for how, expected_s in (("-1h", -3_600), ("+0", 0)):
        clock.set(how)
        await until(partial(is_wrong_by, expected_s), within_s=10)
    clock.set("+0 x60")
    await until(is_ahead_by_a_minute, within_s=10)
    clock.set("+0")
    await until(partial(is_wrong_by, 0), within_s=10)
    process.kill()
    await process.wait()

"""A process with a wrong clock has a wrong time of day and true intervals."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.injectors.wrong_clock import WrongClock, why_not

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

TELL = "import sys, time\nwhile sys.stdin.readline(): print(time.time(), time.monotonic(), flush=True)"


def test_a_clock_is_put_wrong_and_right_again_in_a_running_process(tmp_path: Path) -> None:
    clock = WrongClock(tmp_path / "clock")
    clock.set("+1h")
    with subprocess.Popen(
        [sys.executable, "-c", TELL],
        env={**os.environ, **clock.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def wrong_by_s() -> float:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            of_day, monotonic = map(float, process.stdout.readline().split())
            assert abs(monotonic - time.monotonic()) < 5
            return of_day - time.time()

        assert abs(wrong_by_s() - 3_600) < 5
        for how, expected_s in (("-1h", -3_600), ("+0", 0)):
            clock.set(how)
            deadline = time.monotonic() + 10
            while abs(wrong_by_s() - expected_s) > 5:
                assert time.monotonic() < deadline
        clock.set("+0 x60")
        deadline = time.monotonic() + 10
        while wrong_by_s() < 60:
            assert time.monotonic() < deadline
        clock.set("+0")
        while abs(wrong_by_s()) > 5:
            assert time.monotonic() < deadline
        process.stdin.close()

"""A control group holds what runs in it to its limits, and is gone afterwards."""

import signal
import subprocess
import sys

import pytest

from tests.faults.injectors.control_group import control_group, why_not

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

SPIN = "import time\nends = time.monotonic() + 1\nwhile time.monotonic() < ends: pass\nprint(time.process_time())"
TAKE = "taken = bytearray(200_000_000)\nprint(len(taken))"


def test_who_spins_gets_the_share_that_was_given() -> None:
    with control_group("spins") as group:
        group.give_processors(0.2)
        done = subprocess.run([*group.prefix, sys.executable, "-c", SPIN], capture_output=True, text=True, check=True)
        assert float(done.stdout) < 0.5
        assert group.times_throttled()


def test_who_takes_more_memory_than_there_is_is_killed() -> None:
    with control_group("takes") as group:
        group.give_memory(60_000_000)
        assert group.times_killed() == 0
        done = subprocess.run([*group.prefix, sys.executable, "-c", TAKE], capture_output=True, check=False)
        assert done.returncode == -signal.SIGKILL
        assert group.times_killed() == 1


def test_without_a_limit_nothing_is_held_back_and_the_group_is_gone_afterwards() -> None:
    with control_group("free") as group:
        group.give_memory(None)
        group.give_processors(None)
        done = subprocess.run([*group.prefix, sys.executable, "-c", TAKE], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "200000000"
    assert not any(folder.exists() for folder in group.folders)

"""Measured in a process of its own: what is set stays set."""

import ctypes
import subprocess
import sys

import pytest

WORK_OFF = """
import sys
from pathlib import Path
from shared.web.allocator import give_memory_back

if sys.argv[1] == "set":
    give_memory_back(512 * 1024)
for _ in range(3):
    # Each buffer that is freed raises the threshold to its size, unless it is set.
    largest = bytearray(b"x") * 4_000_000
    del largest
backlog = [(bytearray(b"x") * 1_000_000, bytearray(b"x") * 2_000) for _ in range(100)]
kept = [small for _, small in backlog]
del backlog
print(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
"""


def resident_mib(setting: str) -> float:
    done = subprocess.run([sys.executable, "-c", WORK_OFF, setting], capture_output=True, text=True, check=True)
    return int(done.stdout) / 2**20


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="this C library is not glibc")
def test_what_a_backlog_took_goes_back_to_the_system() -> None:
    assert resident_mib("set") < resident_mib("as it comes") - 50

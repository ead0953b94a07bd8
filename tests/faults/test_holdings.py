import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest

from tests.faults.holdings import processes, topic_bytes
from tests.faults.supervision import waited_for_a_processor_s
from tests.system.stack import Launch, Stack

HOLDS = """
import socket, sys
print("ready", flush=True)
sys.stdin.readline()
held = [open("/dev/null"), open("/dev/null"), socket.socket()]
print("holds", flush=True)
sys.stdin.readline()
"""


async def test_files_and_sockets_of_a_process_are_counted_apart(tmp_path: Path) -> None:
    stack = Stack(tmp_path, "", {}, {}, launches={"parcel": Launch("parcel")})
    stack.log_of("parcel").write_text("said\n")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDS, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    stack.processes["parcel"] = process
    try:
        await process.stdout.readline()
        before = processes(stack)
        process.stdin.write(b"\n")
        await process.stdout.readline()
        after = processes(stack)
    finally:
        process.kill()
        await process.wait()
    grown = {name: after[name] - before[name] for name in after}
    assert grown == {"files of parcel": 2, "sockets of parcel": 1, "bytes of the log of parcel": 0}
    assert after["bytes of the log of parcel"] == len("said\n")
    assert processes(stack) == {}


async def test_the_wait_for_a_processor_is_told_of_who_runs_alone() -> None:
    script = "import time; end = time.monotonic() + 0.3\nwhile time.monotonic() < end: pass\nprint('done'); input()"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    try:
        await process.stdout.readline()
        assert waited_for_a_processor_s(process.pid) >= 0
    finally:
        process.kill()
        await process.wait()
    assert waited_for_a_processor_s(process.pid) == 0


def test_a_segment_that_the_broker_takes_away_meanwhile_counts_nothing(tmp_path: Path) -> None:
    kept, gone = tmp_path / "parcel.events-0", tmp_path / "parcel.events-1"
    for folder in (kept, gone, tmp_path / "__consumer_offsets-0"):
        folder.mkdir()
        (folder / "0.log").write_bytes(b"12345")
    (gone / "0.log").unlink()
    # It is listed, and there is nothing behind it.
    (gone / "0.log").symlink_to(gone / "renamed")
    assert topic_bytes([tmp_path]) == 5


@pytest.mark.parametrize("gone", ["parcel.events-1", "parcel.events-1.3189718f78a24eecb0a2c639393e5094-delete"])
def test_a_topic_that_the_broker_deletes_meanwhile_counts_nothing(
    tmp_path: Path, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("parcel.events-0", gone):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0.log").write_bytes(b"12345")
    listed = os.scandir

    def scandir(folder: Path) -> Any:
        if Path(folder).name == gone:
            raise FileNotFoundError(folder)
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "listdir", lambda folder: [entry.name for entry in scandir(folder)])
    assert topic_bytes([tmp_path]) == 5

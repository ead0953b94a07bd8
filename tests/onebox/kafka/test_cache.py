"""Whenever the training of the broker's cache is broken off, no process of it is left."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from onebox.errors import ServerFailed
from onebox.kafka import cache, cluster, ready
from onebox.kafka.program import FORMAT, KafkaProgram
from tests.support.waiting import until_true

STAND_IN = f"""
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: pathlib.Path("asked to stop").touch())
step = "formatting" if "{FORMAT}" in sys.argv else "running"
pathlib.Path(step).touch()
while step == "running" or pathlib.Path("slow").exists():
    time.sleep(0.02)
"""
"""Formats at once, unless it is to be slow; as a broker it answers nobody, and does not end when asked to."""


class DeafProgram(KafkaProgram):
    """A broker that is a Python program and takes no notice of SIGTERM."""

    @property
    def cache(self) -> Path:
        return self.home / "broker.aot"

    @property
    def environment(self) -> dict[str, str]:
        return {}

    def command(self, main_class: str, *arguments: str) -> list[str]:
        return [sys.executable, "-c", STAND_IN, main_class, *arguments, str(self.home)]


def formats(home: Path, _monkeypatch: pytest.MonkeyPatch) -> Path:
    (home / "slow").touch()
    return home / "formatting"


def is_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cluster, "STOP_WITHIN_S", 0.1)
    return home / "running"


def was_given_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    async def never_will(_where: object) -> bool:
        if (home / "running").exists():
            raise ServerFailed("Kafka", home / "log", "")
        return False

    monkeypatch.setattr(ready, "accepts", never_will)
    return home / "asked to stop"


def writes_the_cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    async def answers(_where: object) -> bool:
        return (home / "running").exists()

    monkeypatch.setattr(ready, "accepts", answers)
    monkeypatch.setattr(ready, "serves", answers)
    return home / "asked to stop"


@pytest.mark.parametrize("moment", [formats, is_waited_for, was_given_up, writes_the_cache])
async def test_a_training_that_is_broken_off_leaves_no_process(
    moment: Callable[[Path, pytest.MonkeyPatch], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = moment(tmp_path, monkeypatch)
    training = asyncio.create_task(cache.make(DeafProgram(tmp_path), tmp_path))
    await until_true(reached.exists)
    assert processes_of(tmp_path)
    training.cancel()
    with pytest.raises(asyncio.CancelledError):
        await training
    assert processes_of(tmp_path) == []


def processes_of(home: Path) -> list[psutil.Process]:
    children = psutil.Process().children(recursive=True)
    return [one for one in children if one.status() != psutil.STATUS_ZOMBIE and str(home) in one.cmdline()]

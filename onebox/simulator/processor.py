"""How much of the box the services and servers take, the simulator apart."""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from onebox import run_lock

SIMULATOR = "simulator"


@dataclass(slots=True)
class Processor:
    """Processor seconds of processes and all that they start, as shares of all processors of the box."""

    roots: Mapping[str, psutil.Process]
    _began: dict[str, float] = field(default_factory=dict)
    _began_at: float = 0.0
    _busy_s: float = 0.0

    @classmethod
    def of(cls, state: Path) -> "Processor":
        """Watch what runs with a state folder: services in one process, PostgreSQL, Kafka; and this process."""
        running = run_lock.holder(state)
        roots = {"services": running.pid} if running else {}
        for name, records in (("postgres", "postgres/process.json"), ("kafka", "kafka/node-*/process.json")):
            for record in state.glob(records):
                roots[name] = json.loads(record.read_text())["pid"]
        return cls({name: psutil.Process(pid) for name, pid in (roots | {SIMULATOR: os.getpid()}).items()})

    def begin(self) -> None:
        """Begin a stretch of time."""
        self._began = self._seconds()
        self._began_at = time.monotonic()
        self._busy_s = _busy_s()

    def shares(self) -> dict[str, float]:
        """Return the share of the box of each since the beginning; `whole box` counts everybody."""
        at_hand_s = (time.monotonic() - self._began_at) * (psutil.cpu_count() or 1)
        shares = {name: (used_s - self._began[name]) / at_hand_s for name, used_s in self._seconds().items()}
        return {**shares, "whole box": (_busy_s() - self._busy_s) / at_hand_s}

    def _seconds(self) -> dict[str, float]:
        """Return what each root and its children used; a child that is a root itself, with its own, stands apart."""
        trees = {name: _tree(root) for name, root in self.roots.items()}
        return {
            name: sum(map(_used_s, tree.difference(*(other for other in trees.values() if other < tree))))
            for name, tree in trees.items()
        }


def of_post_office(shares: Mapping[str, float]) -> float:
    """Return what services and servers take together."""
    return sum(roots_of_post_office(shares).values())


def roots_of_post_office(shares: Mapping[str, float]) -> dict[str, float]:
    """Return what the services and each server take."""
    return {name: share for name, share in shares.items() if name not in (SIMULATOR, "whole box")}


def _busy_s() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + getattr(times, "irq", 0.0) + getattr(times, "softirq", 0.0))


def _tree(root: psutil.Process) -> set[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return {root, *root.children(recursive=True)}
    return set()


def _used_s(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        used = process.cpu_times()
        # What a child used goes over to its parent when it ends and is collected.
        return float(used.user + used.system + used.children_user + used.children_system)
    return 0.0

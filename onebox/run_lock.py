"""The lock that lets one process at a time run the stack of a state folder, and tells others which one does.

The kernel lets go of the lock when its holder dies; what the file still says then belongs to a crash.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from onebox.errors import AlreadyRunning

FILE = "run.lock"
GLANCE_S = 0.3
PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that runs the stack, and where it answers."""

    pid: int
    address: str | None = None


class RunLock:
    """A lock that we hold."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.crashed = _read(file)
        """Who held the lock last and never let go of it by itself."""

    def tell(self, address: str | None) -> None:
        """Write down who we are, and where we answer once we do."""
        self._write(json.dumps(asdict(Holder(os.getpid(), address))))

    def forget(self) -> None:
        """Leave nothing behind that looks like a crash."""
        self._write("")

    def _write(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()


@contextmanager
def hold(state: Path) -> Iterator[RunLock]:
    """Hold the lock of a state folder while the block runs.

    Raises: AlreadyRunning.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / FILE).open("a+") as file:
        if not _locked(file):
            other = _read(file)
            raise AlreadyRunning(state, other.pid if other else None, other.address if other else None)
        lock = RunLock(file)
        lock.tell(None)
        try:
            yield lock
        finally:
            lock.forget()


def holder(state: Path) -> Holder | None:
    """Return the process that runs the stack of a state folder now, if one does."""
    while (state / FILE).exists():
        with (state / FILE).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                if found := _read(file):
                    return found
                # It is just writing down who it is.
                time.sleep(PAUSE_S)
            else:
                return None
    return None


def stop_holder(state: Path, within_s: float = 30.0) -> bool:
    """Ask the process that runs the stack to stop, and wait until it did; False if none runs.

    Raises: TimeoutError, if it still runs then.
    """
    running = holder(state)
    if running is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + within_s
    while holder(state) is not None:
        if time.monotonic() > deadline:
            raise TimeoutError(f"Process {running.pid} still runs {within_s:.0f} s after it was asked to stop.")
        time.sleep(PAUSE_S)
    return True


def _locked(file: TextIO) -> bool:
    # Whoever looks for the holder has the lock for a moment; only one that stays is a running stack.
    deadline = time.monotonic() + GLANCE_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE_S)
        else:
            return True


def _read(file: TextIO) -> Holder | None:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None

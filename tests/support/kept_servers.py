"""How a test process gets at the servers of its run: the first that asks starts their keeper, the others wait."""

import fcntl
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.support.addresses import ROOT, SESSION_VARIABLE, Addresses, session_folder

PAUSE_S = 0.05
STOP_WITHIN_S = 40.0
OWNER_VARIABLE = "CTCPOST_TEST_OWNER"


class ServersUnavailable(Exception):
    """The servers of the tests could not be started; the text says what to do."""


def open_session() -> None:
    """Begin a test run: make its folder, and tell the processes that are started from here."""
    os.environ[SESSION_VARIABLE] = tempfile.mkdtemp(prefix="ctcpost-test-")
    os.environ[OWNER_VARIABLE] = str(os.getpid())


def close_session() -> None:
    """End a test run: stop its servers and remove its folder."""
    folder = session_folder()
    keepers = [process for file in folder.glob("*/keeper.pid") if (process := _process(file)) is not None]
    for keeper in keepers:
        keeper.terminate()
    psutil.wait_procs(keepers, timeout=STOP_WITHIN_S)
    shutil.rmtree(folder, ignore_errors=True)


def addresses(flavour: str) -> Addresses:
    """Return the addresses of the run's servers, started at the first call.

    Raises: ServersUnavailable.
    """
    folder = session_folder() / flavour
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "keeper.pid").exists():
            (folder / "keeper.pid").write_text(str(_start_keeper(folder, flavour)))
        while not (folder / "addresses.json").exists():
            _raise_if_failed(folder)
            time.sleep(PAUSE_S)
    return Addresses.read(folder / "addresses.json")


def _start_keeper(folder: Path, flavour: str) -> int:
    # Not a child that we must collect: the process that starts it may end long before the run does.
    command = [sys.executable, "-m", "tests.support.keeper", str(folder), flavour, os.environ[OWNER_VARIABLE]]
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        return os.posix_spawn(
            sys.executable,
            command,
            {**os.environ, "PYTHONPATH": str(ROOT)},
            file_actions=[(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)],
            setsid=True,
        )
    finally:
        os.close(log)


def _raise_if_failed(folder: Path) -> None:
    if (folder / "failure").exists():
        raise ServersUnavailable((folder / "failure").read_text())
    keeper = _process(folder / "keeper.pid")
    if keeper is None or keeper.status() == psutil.STATUS_ZOMBIE:
        raise ServersUnavailable((folder / "log").read_text()[-2000:])


def _process(file: Path) -> psutil.Process | None:
    try:
        return psutil.Process(int(file.read_text()))
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None

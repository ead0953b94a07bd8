"""One server as a process of ours: started apart from the terminal, written down, stopped, found after a crash.

Each runs in a session of its own, so that Ctrl-C reaches us and not it, and we stop the servers in order.
"""

import asyncio
import errno
import json
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from onebox.errors import CannotRun, DiskFull, PortTaken, ServerFailed, WrongPlatform

PAUSE_S = 0.02
STOP_WITHIN_S = 20.0
LAST_WORDS_BYTES = 4_000
ROOM_MB = 200


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a server."""

    name: str
    command: Sequence[str]
    record: Path
    """Where its process id is written down while it runs."""
    log: Path
    folder: Path
    """Its working folder."""
    stop_signal: signal.Signals
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    niceness: int = 0


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that was started."""

    launch: Launch
    process: subprocess.Popen[bytes]

    @property
    def running(self) -> bool:
        """Tell whether the process is still there."""
        return self.process.poll() is None


def start(launch: Launch) -> ServerProcess:
    """Start a server; it may take a while until it answers.

    Raises: WrongPlatform.
    """
    _set_aside(launch.log)
    with launch.log.open("wb") as log:
        try:
            process = subprocess.Popen(
                launch.command,
                cwd=launch.folder,
                env={**os.environ, **launch.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=launch.user,
                group=pwd.getpwnam(launch.user).pw_gid if launch.user else None,
                extra_groups=[] if launch.user else None,
            )
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EACCES, errno.ENOEXEC):
                raise WrongPlatform(launch.name) from error
            raise
    _write_down(launch, process.pid)
    return ServerProcess(launch, process)


async def until(server: ServerProcess, answers: Callable[[], Awaitable[bool]], within_s: float) -> None:
    """Wait until a server answers.

    Raises: PortTaken, DiskFull or ServerFailed.
    """
    try:
        async with asyncio.timeout(within_s):
            while not await answers():
                if not server.running:
                    raise why_it_failed(server.launch)
                await asyncio.sleep(PAUSE_S)
    except TimeoutError:
        raise why_it_failed(server.launch) from None


async def stop(server: ServerProcess, within_s: float = STOP_WITHIN_S) -> None:
    """Ask a server to stop and wait for it; kill it with all its children after the limit."""
    if server.running:
        server.process.send_signal(server.launch.stop_signal)
    try:
        async with asyncio.timeout(within_s):
            await ended(server)
    except TimeoutError:
        await kill(server)
    server.launch.record.unlink(missing_ok=True)


async def ended(server: ServerProcess) -> None:
    """Wait until a server ends."""
    while server.running:
        await asyncio.sleep(PAUSE_S)


async def kill(server: ServerProcess) -> None:
    """End a server at once with whatever it started, as a power cut would."""
    if server.running:
        os.killpg(server.process.pid, signal.SIGKILL)
    await ended(server)


async def stop_left_over(record: Path, stop_signal: signal.Signals) -> bool:
    """Stop the server of that record if a run that crashed has left it; True if there was one.

    It is ours only if its command line is still the one that we wrote down: process ids are used again.
    """
    return await asyncio.to_thread(_stop_recorded, record, stop_signal)


def runs_with(pid: int, argument: str) -> bool:
    """Tell whether that process is there and was started with that argument."""
    try:
        return argument in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def why_it_failed(launch: Launch) -> CannotRun:
    """Read from its log why a server failed."""
    said = _tail(launch.log)
    lowered = said.lower()
    if "address already in use" in lowered:
        return PortTaken(launch.name)
    if "no space left on device" in lowered:
        return DiskFull(launch.folder, ROOM_MB)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return ServerFailed(launch.name, launch.log, lines[-1] if lines else "")


def _write_down(launch: Launch, pid: int) -> None:
    if launch.niceness:
        psutil.Process(pid).nice(launch.niceness)
    launch.record.write_text(json.dumps({"pid": pid, "command": list(launch.command)}))


def _stop_recorded(record: Path, stop_signal: signal.Signals) -> bool:
    process = _recorded(record)
    if process is not None:
        _end(process, stop_signal)
    record.unlink(missing_ok=True)
    return process is not None


def _recorded(record: Path) -> psutil.Process | None:
    try:
        written = json.loads(record.read_text())
        process = psutil.Process(written["pid"])
        return process if process.cmdline() == written["command"] else None
    except (FileNotFoundError, ValueError, KeyError, psutil.Error):
        return None


def _end(process: psutil.Process, stop_signal: signal.Signals) -> None:
    try:
        process.send_signal(stop_signal)
        if not _gone(process, STOP_WITHIN_S):
            os.killpg(process.pid, signal.SIGKILL)
            _gone(process, STOP_WITHIN_S)
    except (psutil.NoSuchProcess, ProcessLookupError):
        pass


def _gone(process: psutil.Process, within_s: float) -> bool:
    # Its parent is dead, and in a container nobody may collect it: a zombie is gone enough.
    deadline = time.monotonic() + within_s
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_S)
    return True


def _set_aside(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.before"))


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - LAST_WORDS_BYTES))
        return file.read().decode(errors="replace")

"""Network namespaces: places on this machine with addresses of their own, cut off from everything else."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

PREFIX = "ctcpost-test"
NAMED = Path("/run/netns")
OURS = Path("/proc/thread-self/ns/net")
CLONE_NEWNET = 0x40000000


def why_not() -> str | None:
    """Say why no namespace can be made here; None where it can."""
    if os.geteuid() != 0:
        return "network namespaces take root"
    if not shutil.which("ip"):
        return "ip is not installed (Debian: iproute2)"
    if not Path("/dev/net/tun").exists():
        return "this kernel has no TUN devices"
    try:
        with namespace("probe"):
            return None
    except (OSError, subprocess.CalledProcessError) as error:
        return f"this machine makes no network namespace ({type(error).__name__})"


@dataclass(frozen=True, slots=True)
class Namespace:
    """One of them, by name."""

    name: str

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command that runs another one inside."""
        return ["ip", "netns", "exec", self.name, *command]

    def run(self, *command: str) -> None:
        """Run a command inside."""
        run(*self.command(command))

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Move this thread, and whatever it starts from now on, inside until the block ends."""
        before, inside = os.open(OURS, os.O_RDONLY), os.open(NAMED / self.name, os.O_RDONLY)
        try:
            _move_to(inside)
            try:
                yield
            finally:
                _move_to(before)
        finally:
            os.close(inside)
            os.close(before)


@contextmanager
def namespace(name: str) -> Iterator[Namespace]:
    """Make a namespace with nothing in it but its loopback; it is gone when the block ends."""
    _remove_left_overs()
    made = Namespace(f"{PREFIX}-{os.getpid()}-{name}")
    run("ip", "netns", "add", made.name)
    try:
        made.run("ip", "link", "set", "lo", "up")
        yield made
    finally:
        run("ip", "netns", "delete", made.name)


def run(*command: str) -> None:
    """Run a command of the system; its words are told if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)


def _remove_left_overs() -> None:
    """Remove what runs that were killed have left."""
    for left in NAMED.glob(f"{PREFIX}-*"):
        if not psutil.pid_exists(int(left.name.removeprefix(f"{PREFIX}-").split("-")[0])):
            run("ip", "netns", "delete", left.name)


def _move_to(descriptor: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")

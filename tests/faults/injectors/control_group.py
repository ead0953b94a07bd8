"""A control group of the kernel that holds processes to a share of the processor and to an amount of memory.

Source: Linux kernel documentation, admin-guide/cgroup-v1 (memory) and scheduler/sched-bwc.
"""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MOUNTED = Path("/sys/fs/cgroup")
CONTROLLERS = ("cpu", "memory")
PREFIX = "ctcpost-test"
PERIOD_US = 100_000
UNLIMITED = -1
GONE_WITHIN_S = 5.0
SPARED = 'echo -1000 > /proc/self/oom_score_adj; exec "$@"'
TAKE = "import time; taken = b'x' * {bytes}; time.sleep(600)"
JOIN = 'for file in {files}; do echo $$ > "$file"; done; exec "$@"'


def why_not() -> str | None:
    """Say why no group can be made here; None where it can."""
    if os.geteuid() != 0:
        return "control groups take root"
    try:
        with control_group("probe") as group:
            group.give_processors(1.0)
            group.give_memory(100_000_000)
            return None
    except (OSError, KeyError) as error:
        return f"this machine gives no control groups of version 1 for processor and memory ({type(error).__name__})"


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """One of them; without limits at first."""

    folders: Sequence[Path]

    @property
    def prefix(self) -> list[str]:
        """Return what a command begins with that is to run inside, it and whatever it starts."""
        files = " ".join(str(folder / "cgroup.procs") for folder in self.folders)
        return ["sh", "-c", JOIN.format(files=files), "sh"]

    def give_processors(self, share: float | None) -> None:
        """Hold all that is inside to a share of one processor; None for no limit."""
        cpu, _ = self.folders
        (cpu / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (cpu / "cpu.cfs_quota_us").write_text(str(UNLIMITED if share is None else int(share * PERIOD_US)))

    def give_memory(self, most_bytes: int | None) -> None:
        """Hold all that is inside to so much memory; who needs more is killed. None for no limit."""
        _, memory = self.folders
        (memory / "memory.limit_in_bytes").write_text(str(UNLIMITED if most_bytes is None else most_bytes))

    @contextmanager
    def crowded(self, by_bytes: int) -> Iterator[None]:
        """Let a neighbour inside take so much memory while the block lasts, whom the kernel spares when it kills."""
        take = TAKE.format(bytes=by_bytes)
        with subprocess.Popen([*self.prefix, "sh", "-c", SPARED, "sh", sys.executable, "-c", take]) as neighbour:
            try:
                yield
            finally:
                neighbour.kill()

    def needed_bytes(self) -> int:
        """Return how much memory is used inside that cannot be read again from a disk."""
        _, memory = self.folders
        return _told(memory / "memory.stat")["total_rss"]

    def times_killed(self) -> int:
        """Return how often the kernel killed somebody inside for want of memory."""
        _, memory = self.folders
        return _told(memory / "memory.oom_control")["oom_kill"]

    def times_throttled(self) -> int:
        """Return in how many periods somebody inside wanted more of the processor than there was."""
        cpu, _ = self.folders
        return _told(cpu / "cpu.stat")["nr_throttled"]


@contextmanager
def control_group(name: str) -> Iterator[ControlGroup]:
    """Make a group below ours; it is gone when the block ends, and what still runs in it is back in ours."""
    ours = dict(_ours())
    group = ControlGroup([MOUNTED / one / ours[one] / f"{PREFIX}-{os.getpid()}-{name}" for one in CONTROLLERS])
    try:
        for folder in group.folders:
            folder.mkdir()
        yield group
    finally:
        for folder in group.folders:
            _remove(folder)


def _told(file: Path) -> dict[str, int]:
    return {name: int(figure) for name, figure in map(str.split, file.read_text().splitlines())}


def _ours() -> Iterator[tuple[str, str]]:
    """Give each controller of version 1 with the path of the group that this process is in."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path.strip("/")


def _remove(folder: Path) -> None:
    ends_at = time.monotonic() + GONE_WITHIN_S
    while folder.exists():
        for pid in (folder / "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                (folder.parent / "cgroup.procs").write_text(pid)
        try:
            folder.rmdir()
        except OSError as error:
            # A process that has just ended is taken out of its group a moment later.
            if error.errno != errno.EBUSY or time.monotonic() > ends_at:
                raise
            time.sleep(0.02)

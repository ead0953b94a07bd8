"""The TCP ports of a process, as its own network knows them: who it is that talks over a line which many share.

Source: Linux kernel documentation, networking/proc_net_tcp.
"""

from contextlib import suppress
from pathlib import Path

LOCAL, INODE = 1, 9
"""Columns of a socket in the kernel's table."""


def ports_of(pid: int) -> set[int]:
    """Return the local ports of the TCP sockets that a process holds; none where it has ended."""
    with suppress(OSError):
        process = Path("/proc") / str(pid)
        held = set(_held(process / "fd"))
        rows = [line.split() for line in (process / "net" / "tcp").read_text().splitlines()[1:]]
        return {int(row[LOCAL].partition(":")[2], 16) for row in rows if f"socket:[{row[INODE]}]" in held}
    return set()


def _held(descriptors: Path) -> list[str]:
    held = []
    for one in descriptors.iterdir():
        # It may be closed by now.
        with suppress(OSError):
            held.append(str(one.readlink()))
    return held

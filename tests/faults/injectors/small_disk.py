"""A disk of a few megabytes that can be filled to the last byte and emptied again: a tmpfs of our own."""

import errno
import mmap
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

PIECE = b"\0" * 65_536


def why_not() -> str | None:
    """Say why no disk can be mounted here; None where it can."""
    if os.geteuid() != 0:
        return "mounting a small disk takes root"
    try:
        with TemporaryDirectory() as folder, small_disk(Path(folder), size_mb=1):
            return None
    except (OSError, subprocess.CalledProcessError) as error:
        return f"this machine mounts no small disk ({type(error).__name__})"


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """Where it is mounted."""

    folder: Path

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            piece = PIECE
            while piece:
                try:
                    ballast.write(piece)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    piece = piece[: len(piece) // 2]

    def is_full(self) -> bool:
        """Tell whether a page finds no room; one that does is taken away again."""
        probe = self.folder / "probe"
        try:
            probe.write_bytes(b"\0" * mmap.PAGESIZE)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return True
        finally:
            probe.unlink(missing_ok=True)
        return False

    def free(self) -> None:
        """Give the room back."""
        (self.folder / "ballast").unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, size_mb: int) -> Iterator[SmallDisk]:
    """Mount a disk of that size; it is unmounted when the block ends, even where a file on it is still open."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={size_mb}m,mode=0755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "ctcpost-test", folder], check=True, capture_output=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)

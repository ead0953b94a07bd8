"""A process whose clock is wrong: libfaketime is loaded into it and reads from a file how wrong."""

from dataclasses import dataclass
from pathlib import Path

PLACES = ("/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib/faketime")
LIBRARY = "libfaketimeMT.so.1"


def why_not() -> str | None:
    """Say why no clock can be put wrong here; None where it can."""
    return None if _library() else "libfaketime is not installed (Debian: faketime)"


@dataclass(frozen=True, slots=True)
class WrongClock:
    """The clock of one process, set by a file; intervals stay true, only the time of day is wrong."""

    file: Path

    def set(self, how: str) -> None:
        """Put it wrong from now on: `+1h`, `-1h`, `+0 x1.5` (half as fast again), `+0` (right)."""
        # One that once ran faster goes on so until it is told another speed.
        told = how if " x" in how else f"{how} x1"
        # Written beside and moved: the process may be reading.
        beside = self.file.with_suffix(".new")
        beside.write_text(told + "\n")
        beside.replace(self.file)

    @property
    def environment(self) -> dict[str, str]:
        """Return what the process must be started with."""
        return {
            "LD_PRELOAD": str(_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
        }


def _library() -> Path | None:
    return next((path for place in PLACES if (path := Path(place) / LIBRARY).exists()), None)

"""What PostgreSQL writes to its own log while a run lasts, however often it is started again and begins a new one."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from os import SEEK_END, fstat
from pathlib import Path
from typing import BinaryIO


@dataclass(slots=True)
class ServerLogs:
    """Logs by name; a server that starts sets its last one aside, and the one before that is gone."""

    paths: Mapping[str, Path]
    _open: dict[tuple[str, int], BinaryIO] = field(default_factory=dict)

    def begin(self) -> None:
        """Pass over what was written before."""
        self.look()
        for file in self._open.values():
            file.seek(0, SEEK_END)

    def look(self) -> None:
        """Keep hold of each log that is new."""
        for name, path in self.paths.items():
            with suppress(FileNotFoundError):
                file = path.open("rb")
                known = self._open.setdefault((name, fstat(file.fileno()).st_ino), file)
                if known is not file:
                    file.close()

    def end(self) -> dict[str, str]:
        """Return what was written, and let go of the files."""
        self.look()
        found = dict.fromkeys(self.paths, "")
        for (name, _), file in self._open.items():
            found[name] += file.read().decode("utf-8", "replace")
            file.close()
        self._open.clear()
        return found

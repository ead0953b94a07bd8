"""Kafka's jars: fetched one by one as kafka.lock names them, checked, and kept beside the broker's data.

jgo's own resolution of dependencies is not used: it picks another kafka-clients than the broker's.
"""

import asyncio
import errno
import hashlib
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from jgo.maven import MavenContext

from onebox.errors import CannotRun, DiskFull, JarMismatch, JarsUnavailable

LOCK_FILE = Path(__file__).with_name("kafka.lock")
AT_ONCE = 8
ATTEMPTS = 2
TOLD_EVERY = 10
FETCHING = "fetching-"
LEFT_OVER_AFTER_S = 3_600
TIMEOUT_S = 15
ROOM_MB = 100


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of kafka.lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Return the name under which it is kept."""
        return f"{self.artifact}-{self.version}.jar"


def locked(lock_file: Path = LOCK_FILE) -> list[Jar]:
    """Read the jars that make up the broker."""
    return [_parse(line) for line in lock_file.read_text().splitlines() if line.strip()]


async def fetch(libs: Path, progress: Callable[[str], None], jars: Sequence[Jar] | None = None) -> None:
    """Bring the folder to hold every jar of the lock, each with the right content.

    Raises: JarsUnavailable, JarMismatch or DiskFull; what was fetched before it stays.
    """
    missing = _missing(libs, locked() if jars is None else jars)
    if missing:
        # Downloads that a failure or Ctrl-C leaves behind may still write there.
        with TemporaryDirectory(dir=libs.parent, prefix=FETCHING, ignore_cleanup_errors=True) as cache:
            await _fetch_all(missing, libs, Path(cache), progress)


def _missing(libs: Path, wanted: Sequence[Jar]) -> list[Jar]:
    libs.mkdir(parents=True, exist_ok=True)
    for folder in libs.parent.glob(f"{FETCHING}*"):
        # Another process may be fetching into the same folder; it does not take that long.
        if time.time() - folder.stat().st_mtime > LEFT_OVER_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)
    # Checked at every start: after a power cut a file can be there without its content.
    return [jar for jar in wanted if not _is_right(libs / jar.file_name, jar)]


async def _fetch_all(jars: Sequence[Jar], libs: Path, cache: Path, progress: Callable[[str], None]) -> None:
    progress(f"Fetching Apache Kafka: {len(jars)} jars")
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="jars")
    try:
        fetching = [loop.run_in_executor(pool, _fetch_one, jar, libs, cache) for jar in jars]
        for future in fetching:
            # The first failure is told; asyncio would print every other one that nobody asks for.
            future.add_done_callback(lambda done: done.cancelled() or done.exception())
        for done, fetched in enumerate(asyncio.as_completed(fetching), start=1):
            await fetched
            if done % TOLD_EVERY == 0 or done == len(jars):
                progress(f"Fetching Apache Kafka: {done} of {len(jars)} jars are here")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _fetch_one(jar: Jar, libs: Path, cache: Path) -> None:
    failure: CannotRun = JarMismatch(jar.file_name)
    for attempt in range(ATTEMPTS):
        try:
            # A cache of its own for each attempt: a broken download is not taken for a good one later.
            fetched = _download(jar, cache / f"{jar.file_name}-{attempt}")
        except JarsUnavailable as error:
            failure = error
            continue
        if _is_right(fetched, jar):
            fetched.replace(libs / jar.file_name)
            return
        failure = JarMismatch(jar.file_name)
    raise failure


def _download(jar: Jar, cache: Path) -> Path:
    context = MavenContext(repo_cache=cache, timeout=TIMEOUT_S)
    try:
        return context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    # jgo tells a missing artifact by a plain RuntimeError; the errors of requests are OSErrors.
    except (RuntimeError, OSError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise DiskFull(cache, ROOM_MB) from error
        raise JarsUnavailable(f"{jar.file_name}: {type(error).__name__}") from error


def _is_right(file: Path, jar: Jar) -> bool:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


def _parse(line: str) -> Jar:
    coordinates, sha256 = line.split()
    group, artifact, version = coordinates.split(":")
    return Jar(group, artifact, version, sha256)

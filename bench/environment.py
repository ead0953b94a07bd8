"""What a figure was measured on: versions, machine, load, settings of the servers."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import asyncpg

from bench.ground import Ground
from onebox.kafka import jars
from shared.messaging.broker import ACKNOWLEDGED_BY
from shared.messaging.relay import SETTINGS as RELAY_SETTINGS

PACKAGES = (
    "faststream",
    "aiokafka",
    "asyncpg",
    "pydantic",
    "fastapi",
    "uvicorn",
    "uvloop",
    "faststream-outbox",
    "pgqueuer",
    "procrastinate",
)
SETTINGS = (
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "shared_buffers",
    "max_wal_size",
    "wal_compression",
    "max_connections",
)


async def versions_and_settings(ground: Ground) -> dict[str, str]:
    """Return what stays the same during a run."""
    connection = await asyncpg.connect(ground.postgres_url)
    try:
        postgres = await connection.fetchval("show server_version")
        settings = {name: await connection.fetchval(f"show {name}") for name in SETTINGS}
    finally:
        await connection.close()
    kafka = next(jar.version for jar in jars.locked() if jar.artifact == "kafka-clients")
    return {
        "python": platform.python_version(),
        "kernel": platform.release(),
        "cores": str(os.cpu_count()),
        "memory_gib": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f}",
        "postgresql": str(postgres),
        "kafka": kafka,
        **{name: found for name in PACKAGES if (found := _version(name))},
        **{f"postgresql {name}": value for name, value in settings.items()},
        "kafka acks": ACKNOWLEDGED_BY,
        "the relay's marks in production: synchronous_commit": RELAY_SETTINGS["synchronous_commit"],
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


class Load:
    """How busy the machine was, from here to the end of a measurement."""

    def __init__(self) -> None:
        self._before = os.getloadavg()[0]
        self._ticks = _ticks()

    def told(self) -> Mapping[str, float]:
        """Return load averages of a minute, and the share of the time that the host took away."""
        spent = {name: after - self._ticks[name] for name, after in _ticks().items()}
        whole = sum(spent.values()) or 1
        return {
            "load_before": round(self._before, 2),
            "load_after": round(os.getloadavg()[0], 2),
            "steal": round(spent.get("steal", 0) / whole, 4),
            "busy": round(1 - (spent.get("idle", 0) + spent.get("iowait", 0)) / whole, 3),
        }


def _ticks() -> dict[str, int]:
    """Return what all cores did so far. Source: proc(5), /proc/stat; empty where there is none."""
    names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
    try:
        first = Path("/proc/stat").read_text().splitlines()[0]
    except OSError:
        return {}
    return dict(zip(names, map(int, first.split()[1:]), strict=False))

"""What processes and servers hold at one moment: files, sockets, connections, bytes on disks."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from onebox.configuration import SERVICES
from onebox.kafka.node import REPLICAS
from shared.contracts.topics import TOPICS
from tests.faults.own_servers import OwnServers
from tests.system.stack import Stack

OURS = "faults"
WITHIN_S = 5.0
SOCKET = "socket:"


async def holdings(stack: Stack, servers: OwnServers) -> Mapping[str, float]:
    """Return how much is held of each thing, by what it is called; a server that cannot be asked has none."""
    found = processes(stack) | {"bytes of the topics": topic_bytes([node.data for node in servers.kafka.nodes])}
    with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        found |= await _databases(stack)
    # After a fail-over the server that was demoted keeps what nobody will ask for.
    if urlsplit(stack.databases["parcel"].service).port == servers.postgres.port:
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            found |= await _server(servers.postgres.admin_url)
    return found


def processes(stack: Stack) -> dict[str, float]:
    """Return the open files and sockets of each process that runs, and the bytes of its log."""
    found: dict[str, float] = {}
    for name in filter(stack.runs, stack.processes):
        held = _open_files(stack.processes[name].pid)
        sockets = sum(target.startswith(SOCKET) for target in held)
        found |= {f"sockets of {name}": sockets, f"files of {name}": len(held) - sockets}
        found[f"bytes of the log of {name}"] = stack.log_of(name).stat().st_size
    return found


def topic_bytes(disks: Sequence[Path]) -> float:
    """Return what the segments of our topics take, each record once however many brokers keep it."""
    ours = {topic.name for topic in TOPICS}
    kept = min(REPLICAS, len(disks))
    return sum(
        _bytes_unless_gone(segment) / kept
        for disk in disks
        for topic in disk.glob("*")
        if topic.name.rpartition("-")[0] in ours
        for segment in _segments(topic)
    )


def _segments(topic: Path) -> Sequence[Path]:
    # Gone between the listing of the disk and its own, where a broker ends the deletion of a topic.
    with suppress(FileNotFoundError):
        return [segment for segment in topic.iterdir() if segment.suffix == ".log"]
    return ()


def _bytes_unless_gone(segment: Path) -> int:
    # A broker that renames or deletes a segment does not wait for who lists them.
    with suppress(FileNotFoundError):
        return segment.stat().st_size
    return 0


def _open_files(pid: int) -> list[str]:
    found = []
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.append(str(entry.readlink()))
    return found


async def _databases(stack: Stack) -> dict[str, float]:
    found: dict[str, float] = {}
    for service in SERVICES:
        url = stack.databases[service].service
        connection = await asyncpg.connect(url, timeout=WITHIN_S, server_settings={"application_name": OURS})
        try:
            row = await connection.fetchrow(
                """
                select pg_database_size(current_database()),
                    (select count(*) from pg_stat_activity
                        where datname = $1 and application_name not in ('', $2) and usename = current_user),
                    pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')
                """,
                urlsplit(url).path[1:],
                OURS,
            )
        finally:
            await connection.close()
        assert row is not None
        names = (f"bytes of the database {service}", f"connections of {service}", "bytes written ahead")
        found |= dict(zip(names, map(float, row), strict=True))
    return found


async def _server(admin_url: str) -> dict[str, float]:
    """Ask after what a server keeps besides: its log is cut at a checkpoint, temporary files are gone.

    Segments that wait to be written into, as many as the load of before asks for, have later names and do not count.
    """
    connection = await asyncpg.connect(admin_url, timeout=WITHIN_S, server_settings={"application_name": OURS})
    try:
        await connection.execute("checkpoint", timeout=60)
        row = await connection.fetchrow(
            """
            select (
                    select coalesce(sum(size), 0) from pg_ls_waldir()
                    where name <= pg_walfile_name(pg_current_wal_lsn())
                ),
                (select count(*) from pg_ls_tmpdir()),
                (select count(*) from pg_replication_slots where not active),
                (select count(*) from pg_prepared_xacts)
            """
        )
    finally:
        await connection.close()
    assert row is not None
    names = ("bytes of the write-ahead log", "temporary files", "slots without a reader", "prepared transactions")
    return dict(zip(names, map(float, row), strict=True))

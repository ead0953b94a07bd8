"""A second PostgreSQL that follows the first and takes its place: every acknowledged commit is on both."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg

from onebox import server_process
from onebox.ports import LOOPBACK
from onebox.postgres.server import ADMIN, PostgresServer
from onebox.secret_files import kept
from onebox.server_process import Launch
from tests.support.waiting import until

NAME = "standby"
COPIED_WITHIN_S = 60.0
PROMOTED_WITHIN_S = 10.0
IN_STEP = "select exists (select from pg_stat_replication where sync_state in ('sync', 'quorum'))"

NOBODY_WRITES = "select not exists (select from pg_stat_activity where backend_xid is not null)"


async def follow(primary: PostgresServer, folder: Path, port: int) -> PostgresServer:
    """Copy a running server and start the copy as its synchronous standby."""
    standby = replace(
        primary, folder=folder, port=port, settings={**primary.settings, "cluster_name": NAME}, process=None
    )
    await _copy(primary, standby)
    await standby.start()
    async with _admin(primary) as admin:
        await admin.execute(f"alter system set synchronous_standby_names = '{NAME}'")
        await admin.execute("select pg_reload_conf()")
        await until(lambda: admin.fetchval(IN_STEP))
    return standby


async def make_read_only(server: PostgresServer) -> None:
    """Have a server refuse to write from each session's next transaction on, and end no session.

    Returns when the last writer is done, for a commit that waits for a standby which follows no more waits for ever.
    """
    async with _admin(server) as admin:
        await admin.execute("alter system set default_transaction_read_only = on")
        await admin.execute("select pg_reload_conf()")
        await until(lambda: admin.fetchval(NOBODY_WRITES))


async def promote(standby: PostgresServer) -> None:
    """Make the standby the one that is written to."""
    async with _admin(standby) as admin:
        assert await admin.fetchval("select pg_promote(true, $1)", int(PROMOTED_WITHIN_S))
        # The primary's settings came with the copy: the new one has nobody to wait for.
        await admin.execute("alter system reset synchronous_standby_names")
        await admin.execute("select pg_reload_conf()")


async def used_lately(server: PostgresServer, within_s: float) -> int:
    """Return how many sessions of services ran a statement on a server in the last seconds."""
    async with _admin(server) as admin:
        return int(
            await admin.fetchval(
                "select count(*) from pg_stat_activity where usename <> $1 and backend_type = 'client backend'"
                " and query_start > clock_timestamp() - make_interval(secs => $2)",
                ADMIN,
                within_s,
            )
        )


async def _copy(primary: PostgresServer, standby: PostgresServer) -> None:
    source = ["-h", LOOPBACK, "-p", str(primary.port), "-U", ADMIN, "-D", str(standby.data)]
    how = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--create-slot", f"--slot={NAME}"]
    _make_folder(standby)
    launch = Launch(
        name="pg_basebackup",
        command=standby.program.command("pg_basebackup", *source, *how),
        record=standby.folder / "copying.json",
        log=standby.folder / "copying.log",
        folder=standby.folder,
        stop_signal=signal.SIGTERM,
        user=standby.program.user,
        environment={"PGPASSWORD": kept(primary.secrets, ADMIN)},
    )
    copying = server_process.start(launch)
    try:
        async with asyncio.timeout(COPIED_WITHIN_S):
            await server_process.ended(copying)
    finally:
        await server_process.stop(copying, within_s=0)
    if copying.process.returncode:
        raise server_process.why_it_failed(launch)


def _make_folder(server: PostgresServer) -> None:
    server.folder.mkdir(parents=True)
    server.program.give(server.folder)


@asynccontextmanager
async def _admin(server: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(server.admin_url, timeout=5.0, command_timeout=30.0)
    try:
        # An operator writes where nobody else may.
        await connection.execute("set default_transaction_read_only = off")
        yield connection
    finally:
        await connection.close()

"""The connection pool of a service, and the transactions it opens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self, TypeAlias

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from shared.errors import Unavailable

Tx: TypeAlias = "PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]"
"""An open connection; whoever receives one runs statements on it and never commits."""

ACQUIRE_WITHIN_S = 5.0
COMMAND_WITHIN_S = 30.0
SILENT_FOR = "8s"
"""After so long the server gives up on who holds a lock: a process that stands still has a living connection."""
SERVER_SETTINGS = {
    "statement_timeout": "25s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": SILENT_FOR,
    "timezone": "UTC",
}
LOST_CONNECTION = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    ConnectionError,
)
TRANSIENT = (
    *LOST_CONNECTION,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    TimeoutError,
)
"""Faults of the moment: the same work may succeed a little later."""
NOT_MADE_READY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises of a connection whose server went away while it was lent."""


class DatabaseUnavailable(Unavailable):
    """The database does not answer; nothing was done."""

    slug = "database-unavailable"


class DatabaseLost(Unavailable):
    """The database went away in the middle; what was asked may be done or not, ask again with the same key."""

    slug = "database-lost"


class Database:
    """A pool of connections to one service's own database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, url: str, *, pool_size: int, application: str) -> Self:
        """Open a pool; it connects lazily, so a database that is down now is found when it is used."""
        pool = asyncpg.create_pool(
            url,
            min_size=0,
            max_size=pool_size,
            timeout=ACQUIRE_WITHIN_S,
            command_timeout=COMMAND_WITHIN_S,
            server_settings={**SERVER_SETTINGS, "application_name": application},
            init=_prepare,
            reset=_keep_as_is,
        )
        return cls(await pool)

    async def close(self, within_s: float = 5.0) -> None:
        """Close the pool; what is still running after the limit is cut."""
        try:
            await asyncio.wait_for(self._pool.close(), within_s)
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Tx]:
        """Lend a connection where each statement commits by itself.

        Raises: DatabaseUnavailable, if none can be had within five seconds; DatabaseLost, if it goes while it is lent.
        """
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_WITHIN_S)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DatabaseUnavailable from error
        try:
            yield connection
        except asyncpg.ReadOnlySQLTransactionError:
            connection.terminate()
            raise
        except asyncpg.InterfaceError as error:
            # A COPY whose server goes leaves an operation behind for which nobody waits, and no rollback gets past it.
            if _is_lost(connection) or not await self._give_back(connection):
                raise DatabaseLost from error
            raise
        except asyncpg.InternalClientError as error:
            # The driver lost its place: the server ended the connection between two statements.
            connection.terminate()
            raise DatabaseLost from error
        finally:
            if is_read_only(connection):
                # After a fail-over the other connections lead to the server that was demoted, too.
                connection.terminate()
                await self._pool.expire_connections()
            await self._give_back(connection)

    async def _give_back(self, connection: "PoolConnectionProxy[asyncpg.Record]") -> bool:
        """Release a connection; tells whether it was made ready for others, else the pool has ended it."""
        try:
            await self._pool.release(connection)
        except NOT_MADE_READY:
            # How the work on it went is told by the work.
            return False
        return True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction; it commits when the block ends and rolls back when the block raises."""
        async with self.connection() as connection, connection.transaction():
            yield connection


async def server_time(tx: Tx) -> datetime:
    """Return the time of day of the database, which all processes share whatever their own clocks say."""
    told: datetime = await tx.fetchval("select clock_timestamp()")
    return told


def is_read_only(connection: Tx) -> bool:
    """Tell whether the server said that it takes no writes any more; it says so with its next answer, unasked."""
    try:
        told = connection.get_settings()
    except asyncpg.InterfaceError:
        return False
    return "on" in {getattr(told, name, "off") for name in ("default_transaction_read_only", "in_hot_standby")}


def _is_lost(connection: Tx) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True  # the pool took it back when the server closed it


async def _keep_as_is(_connection: asyncpg.Connection) -> None:
    """Reset nothing when a connection comes back: no borrower leaves session state, and the reset is a round trip."""


async def _prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
        schema="pg_catalog",
        format="binary",
    )

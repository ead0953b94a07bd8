"""What PostgreSQL does for the stores: transactions, rows that others may not see yet, locks, numbers given out early.

Read committed: a statement finds the rows that were committed, or its own, when it began; a row that another
transaction holds is waited for and then read anew. A sequence does not wait for a commit.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

import asyncpg

from tests.model.faults import Faults, Kind, Mortal, Trap, acting
from tests.model.loop import Loop

P = ParamSpec("P")
R = TypeVar("R")
Row = dict[str, Any]
At = tuple[str, Any]
Written = dict[At, Row]
OnCommit = Callable[["Server", Written, Written], None]
"""Sees what a commit changed: the rows as they were, and as they are."""

LOST = asyncpg.ConnectionDoesNotExistError
LOCK_WITHIN_S = 10.0
GONE: Row = {}
"""No row: none before, or none any more."""


class Deadlock(AssertionError):
    """Transactions that wait for each other in a circle."""


class Snapshot(NamedTuple):
    """Transactions by their numbers, as PostgreSQL tells of them."""

    oldest: int
    """pg_snapshot_xmin: the oldest under way; all before it have ended."""
    behind_ended: int
    """pg_snapshot_xmax: behind the highest that has ended. Higher ones may be under way, too."""
    following: int
    """Which the next to write will be."""


class Server:
    """One database."""

    def __init__(self, name: str, faults: Faults, on_commit: OnCommit) -> None:
        self.name = name
        self.faults = faults
        self.tables: dict[str, dict[Any, Row]] = defaultdict(dict)
        self.holders: dict[At, Transaction] = {}
        self.leader: Transaction | None = None
        self._on_commit = on_commit
        self._waiting: list[asyncio.Future[None]] = []
        self._last_id = 0
        self._last_transaction = 0
        self._last_ended = 0
        self.under_way: set[int] = set()
        self.open: dict[Transaction, Mortal] = {}

    def next_id(self) -> int:
        """Give a number out; it is gone, whatever becomes of the transaction."""
        self._last_id += 1
        return self._last_id

    def begin(self) -> int:
        """Number a transaction that is about to write; one that only reads has no number."""
        self._last_transaction += 1
        self.under_way.add(self._last_transaction)
        return self._last_transaction

    def end(self, transaction: int) -> None:
        """Note that a numbered transaction was committed or undone."""
        self.under_way.remove(transaction)
        self._last_ended = max(self._last_ended, transaction)

    def snapshot(self) -> Snapshot:
        """Return what a statement that begins now sees of the other transactions."""
        behind_ended = self._last_ended + 1
        return Snapshot(min([behind_ended, *self.under_way]), behind_ended, self._last_transaction + 1)

    def rows(self, table: str) -> list[Row]:
        """Return what is committed."""
        return list(self.tables[table].values())

    def cut(self, process: Mortal) -> None:
        """Notice that a process is gone: roll back what it had open."""
        for tx in [tx for tx, owner in self.open.items() if owner is process]:
            tx.terminate()

    def commit(self, tx: "Transaction") -> None:
        """Make what a transaction wrote visible."""
        if tx.written:
            before = {at: self.tables[at[0]].get(at[1], GONE) for at in tx.written}
            written, tx.written = tx.written, {}
            for (table, key), row in written.items():
                if row:
                    self.tables[table][key] = row
                else:
                    self.tables[table].pop(key, None)
            self._on_commit(self, before, written)
        self.release(tx)

    def release(self, tx: "Transaction") -> None:
        """Give up number and locks of a transaction and wake those that wait."""
        if tx.number:
            self.end(tx.number)
            tx.number = 0
        if tx.held:
            for at in tx.held:
                del self.holders[at]
            tx.held.clear()
            self.wake()

    def wake(self) -> None:
        """Let those that wait look again, in their order."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def turn(self, within_s: float) -> None:
        """Wait until some transaction ends."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._waiting.append(future)
        timer = loop.call_later(within_s, _give_up, future)
        try:
            await future
        finally:
            timer.cancel()


class Transaction:
    """An open transaction, or a connection on which every statement commits by itself."""

    def __init__(self, server: Server, *, alone: bool) -> None:
        self.server = server
        self.alone = alone
        self.written: Written = {}
        self.held: list[At] = []
        self.waits_for: Transaction | None = None
        self.lost = False
        self.number = 0
        """Given when it first writes or locks; 0 before."""
        self._began_at = _time()
        server.open[self] = acting.get().process

    def must_be_connected(self) -> None:
        """Complain of a connection that was cut."""
        if self.lost:
            raise LOST

    def get(self, table: str, key: Any) -> Row | None:
        """Return a row as it stands now."""
        own = self.written.get((table, key))
        return (self.server.tables[table].get(key) if own is None else own) or None

    def now(self) -> datetime:
        """Return what now() says: when the transaction began."""
        return _time() if self.alone else self._began_at

    def rows(self, table: str) -> Iterator[tuple[Any, Row]]:
        """Return the rows that are to be seen now."""
        own = {key: row for (name, key), row in self.written.items() if name == table}
        for key, row in ({**self.server.tables[table], **own} if own else dict(self.server.tables[table])).items():
            if row:
                yield key, row

    def put(self, table: str, key: Any, row: Row) -> None:
        """Write a row that this transaction holds."""
        self.be_numbered()
        self.written[table, key] = row

    async def delete(self, table: str, keys: Iterable[Any]) -> None:
        """Delete those of some rows that are to be seen now; one that is waited for may be gone by then."""
        for key in sorted(key for key in keys if self.get(table, key)):
            await self.lock(table, key)
            if self.get(table, key):
                self.put(table, key, GONE)

    def be_numbered(self) -> None:
        """Take a number, if this is the first write."""
        self.number = self.number or self.server.begin()

    def is_held_by_another(self, table: str, key: Any) -> bool:
        """Tell whether a lock would have to be waited for."""
        return self.server.holders.get((table, key), self) is not self

    async def lock(self, table: str, key: Any, within_s: float = LOCK_WITHIN_S) -> None:
        """Hold a row, or the place of one, until the end.

        Raises: LockNotAvailableError.
        """
        at = (table, key)
        while (holder := self.server.holders.get(at, self)) is not self:
            self.waits_for = holder
            self._must_end_some_day()
            try:
                await self.server.turn(within_s)
            finally:
                self.waits_for = None
            self.must_be_connected()
        if at not in self.server.holders:
            self.be_numbered()
            self.server.holders[at] = self
            self.held.append(at)

    async def insert(self, table: str, key: Any, row: Row, within_s: float = LOCK_WITHIN_S) -> bool:
        """Insert on conflict do nothing; waits for who is about to insert, or to change, the same key."""
        holder = self.server.holders.get((table, key), self)
        if self.get(table, key) is not None and (holder is self or (table, key) not in holder.written):
            return False
        held_before = (table, key) in self.held
        await self.lock(table, key, within_s)
        if self.get(table, key) is not None:
            if not held_before:
                self._let_go(table, key)
            return False
        self.put(table, key, row)
        return True

    def get_settings(self) -> None:
        """Say nothing of being read-only, which no server of the model becomes."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Set a savepoint."""
        kept = dict(self.written)
        try:
            yield
        except BaseException:
            self.written = kept
            raise

    def rollback(self) -> None:
        """Undo everything."""
        self.written = {}
        self.server.release(self)

    def close(self) -> None:
        """End what is open."""
        self.rollback()
        self.server.open.pop(self, None)

    def terminate(self) -> None:
        """Cut the connection."""
        self.lost = True
        self.close()
        if self.server.leader is self:
            self.server.leader = None

    async def fetchval(self, query: str, *_arguments: object) -> Any:
        """Tell the time, let a relay lead, or hear that it is there; nothing else is asked this way."""
        trap = await self.server.faults.before(LOST)
        self.must_be_connected()
        if "clock_timestamp()" in query:
            answer: Any = _time()
        elif query == "select 1":
            answer = 1
        else:
            assert "pg_try_advisory_lock" in query
            self.server.leader = self.server.leader or self
            answer = self.server.leader is self
        await self.server.faults.after(trap, LOST)
        return answer

    def _let_go(self, table: str, key: Any) -> None:
        self.held.remove((table, key))
        del self.server.holders[table, key]
        self.server.wake()

    def _must_end_some_day(self) -> None:
        seen, one = [self], self.waits_for
        while one is not None:
            if one in seen:
                raise Deadlock(sorted(str(tx.held) for tx in seen))
            seen.append(one)
            one = one.waits_for


def statement(function: Callable[Concatenate[Transaction, P], Awaitable[R]]) -> Callable[..., Awaitable[R]]:
    """Make a stand-in a statement: a call to a server that may fail on either side."""

    @wraps(function)
    async def run(tx: Transaction, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            trap = await tx.server.faults.before(LOST)
            tx.must_be_connected()
            answer = await function(tx, *args, **kwargs)
            await _leave(tx, trap)
        except LOST:
            tx.terminate()
            raise
        except BaseException:
            if tx.alone:
                tx.rollback()
            raise
        return answer

    return run


async def _leave(tx: Transaction, trap: Trap | None) -> None:
    """End a statement; one that is held has its effect, which nobody sees before it is committed."""
    if trap and trap.kind is Kind.HOLD:
        tx.server.faults.sprung += 1
        await tx.server.faults.hold()
        trap = None
    tx.must_be_connected()
    if tx.alone:
        tx.server.commit(tx)
    await tx.server.faults.after(trap, LOST)


class Database:
    """The pool of connections of one process."""

    def __init__(self, server: Server) -> None:
        self.server = server

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Transaction]:
        """Lend a connection where each statement commits by itself."""
        tx = Transaction(self.server, alone=True)
        try:
            yield tx
        finally:
            tx.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit when the block ends, roll back when it raises; the commit too may fail on either side."""
        tx = Transaction(self.server, alone=False)
        try:
            yield tx
            trap = await self.server.faults.before(LOST)
            tx.must_be_connected()
            self.server.commit(tx)
            await self.server.faults.after(trap, LOST)
        finally:
            tx.close()


async def connect(server: Server) -> Transaction:
    """Open a connection outside the pool."""
    trap = await server.faults.before(LOST)
    connection = Transaction(server, alone=True)
    await server.faults.after(trap, LOST)
    return connection


def _time() -> datetime:
    return cast("Loop", asyncio.get_running_loop()).now()


def _give_up(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_exception(asyncpg.LockNotAvailableError("canceling statement due to lock timeout"))

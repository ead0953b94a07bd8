"""In which order a relay is given the rows of an outbox, whenever they are committed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.db.connection import Database, Tx
from shared.messaging import outbox
from shared.messaging.outbox import Outbox
from shared.messaging.reader import Reader
from tests.shared.messaging.notes import Note
from tests.support.waiting import until

BOX = Outbox("tracking")


@asynccontextmanager
async def telling(database: Database, item: str, number: int) -> AsyncIterator[Tx]:
    """Tell of an item; it is committed when the block ends."""
    async with database.transaction() as tx:
        await BOX.append(tx, [Note(item=item, number=number)])
        yield tx


async def tell(database: Database, item: str, number: int = 1) -> None:
    async with telling(database, item, number):
        pass


async def read(database: Database, reader: Reader, limit: int = 10, *, mark: bool = True) -> list[str]:
    async with database.connection() as connection:
        rows = await reader.read(connection, limit)
        if mark and rows:
            await outbox.mark_sent(connection, rows)
    return [one.row.key for one in rows]


async def test_a_row_that_commits_late_comes_before_later_ones_of_its_key(database: Database) -> None:
    reader = Reader()
    async with telling(database, "late", 1):
        await tell(database, "quick")
        assert await read(database, reader) == ["quick"]
        await tell(database, "quick again")
        assert await read(database, reader) == ["quick again"]
    await tell(database, "late", 2)
    assert await read(database, reader) == ["late", "late"]


async def test_a_row_is_not_overtaken_where_an_older_transaction_wrote_after_it(database: Database) -> None:
    reader = Reader()
    async with database.connection() as connection:
        older = connection.transaction()
        await older.start()
        await connection.execute("select pg_current_xact_id()")
        async with telling(database, "late", 1):
            await BOX.append(connection, [Note(item="older", number=1)])
            await older.commit()
            assert await read(database, reader) == ["older"]
            await tell(database, "quick")
            assert await read(database, reader) == ["quick"]
            await tell(database, "quick again")
            assert await read(database, reader) == ["quick again"]
    await tell(database, "late", 2)
    assert await read(database, reader) == ["late", "late"]


async def test_rows_under_way_are_not_given_a_second_time(database: Database) -> None:
    reader = Reader()
    async with telling(database, "late", 1):
        await tell(database, "quick")
        assert await read(database, reader, mark=False) == ["quick"]
        assert await read(database, reader, mark=False) == []


async def test_a_backlog_is_read_in_portions_without_gaps(database: Database) -> None:
    reader = Reader()
    for number in range(7):
        await tell(database, f"item {number}")
    portions = [await read(database, reader, limit=3) for _ in range(4)]
    assert portions == [["item 0", "item 1", "item 2"], ["item 3", "item 4", "item 5"], ["item 6"], []]


async def test_what_is_settled_is_not_gone_through_again(database: Database) -> None:
    reader = Reader()
    settled = [0]

    async def moves_on() -> bool:
        await tell(database, f"item {len(settled)}")
        await read(database, reader)
        settled.append(reader._settled)
        return settled[-1] >= 3

    # Another database's transactions hold it back: the server numbers them all together.
    await until(moves_on)
    assert settled == sorted(settled)


async def test_rows_made_unsent_are_found_when_the_reader_begins_again(database: Database) -> None:
    reader = Reader()
    for number in range(5):
        await tell(database, f"item {number}")
        await read(database, reader)
    async with database.connection() as connection:
        await connection.execute("update outbox set sent_at = null")
    reader.begin_again()
    found = [key for _ in range(4) for key in await read(database, reader, limit=2)]
    assert found == [f"item {number}" for number in range(5)]

"""A statement whose answer is lost is done, and its caller cannot know."""

from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.faults.injectors.lost_answers import LostAnswers
from tests.faults.injectors.tcp_proxy import tcp_proxy
from tests.support.addresses import Addresses
from tests.support.databases import fresh

LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError)


async def _insert(url: str, text: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("insert into note values ($1)", text)
    finally:
        await connection.close()


async def test_what_was_committed_is_there_although_nobody_heard_of_it(servers: Addresses) -> None:
    async with fresh(servers, "parcel") as database:
        direct = await asyncpg.connect(database.owner_url)
        await direct.execute("create table note (text text)")
        parts = urlsplit(database.owner_url)
        assert parts.hostname
        assert parts.port
        async with tcp_proxy((parts.hostname, parts.port)) as proxy:
            url = database.owner_url.replace(f":{parts.port}/", f":{proxy.port}/")
            for pattern in (b"insert into note", b"COMMIT"):
                lost = proxy.new_tap = LostAnswers(pattern)
                with pytest.raises(LOST):
                    await _insert(url, pattern.decode())
                assert (lost.lost, lost.left) == (1, 0)
            await _insert(url, "heard of")
        assert [row["text"] for row in await direct.fetch("select text from note")] == ["COMMIT", "heard of"]
        await direct.close()

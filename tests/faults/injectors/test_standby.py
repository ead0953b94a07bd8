"""A standby has every acknowledged commit, and takes over while the old primary stays up and refuses."""

from pathlib import Path

import asyncpg
import pytest

from onebox.ports import choose
from onebox.postgres import program
from onebox.postgres.server import PostgresServer
from tests.faults.injectors import standby


async def test_a_standby_takes_over_with_every_commit(servers_folder: Path) -> None:
    folder = servers_folder
    ports = choose(folder / "ports.json", ["primary", "standby"])
    primary = PostgresServer(
        program.find(folder, lambda _text: None), folder / "primary", ports["primary"], folder / "secrets"
    )
    await primary.start()
    follower = await standby.follow(primary, folder / "standby", ports["standby"])
    old = await asyncpg.connect(primary.admin_url)
    try:
        await old.execute("create table note (text text); insert into note values ('kept')")
        await standby.make_read_only(primary)
        await standby.promote(follower)
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await old.execute("insert into note values ('refused')")
        new = await asyncpg.connect(follower.admin_url)
        await new.execute("insert into note values ('new')")
        assert [row["text"] for row in await new.fetch("select text from note")] == ["kept", "new"]
        await new.close()
    finally:
        await old.close()
        await follower.stop()
        await primary.stop()

"""The stand-ins do what PostgreSQL does: scripts of sessions that wait for each other give the same on both."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest
import uuid_utils.compat

from services.parcel.posting.store import registrations
from shared.db.connection import Database
from tests.model import scope
from tests.model.both import Session, play
from tests.model.families import FAMILIES, SESSIONS, script
from tests.model.faults import Activity, Faults, acting
from tests.model.scope import new_uuid
from tests.model.server import Database as StandIn
from tests.model.server import Server
from tests.support import databases
from tests.support.addresses import Addresses
from tests.support.waiting import until

SEEDS = 20


class Somebody:
    """A process that does not die."""

    alive = True

    def kill(self) -> None:
        raise AssertionError


def on_the_stand_in(family: str, seed: int) -> list[str]:
    with scope.stand_ins(), scope.history() as loop:
        acting.set(Activity(Somebody(), "script"))
        database = StandIn(Server(family, Faults(), lambda _server, _before, _after: None))

        async def quiet(session: Session) -> None:
            for _ in range(100):
                await asyncio.sleep(0)

        task = loop.create_task(play(database, script(family, seed), SESSIONS, quiet))
        loop.settle()
        log: list[str] = task.result()
        return log


async def on_postgres(database: Database, family: str, seed: int) -> list[str]:
    async with database.connection() as watching:

        async def quiet(session: Session) -> None:
            async def is_quiet() -> bool:
                pid = session.tx.get_server_pid()
                blocked: bool = await watching.fetchval("select cardinality(pg_blocking_pids($1)) > 0", pid)
                return session.task is None or session.task.done() or blocked

            await until(is_quiet)

        return await play(database, script(family, seed), SESSIONS, quiet)


@pytest.fixture
async def database(servers: Addresses, family: str) -> AsyncIterator[Database]:
    async with databases.opened(servers, FAMILIES[family].service) as opened:
        yield opened


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("family", FAMILIES)
async def test_a_script_gives_the_same_on_both(
    family: str, seed: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registrations, "TWIN_WITHIN", "10s")
    ids = count(1)
    with monkeypatch.context() as patch:
        patch.setattr(uuid_utils.compat, "uuid7", lambda: new_uuid(next(ids)))
        on_the_real_one = await on_postgres(database, family, seed)

    assert on_the_real_one == await asyncio.to_thread(on_the_stand_in, family, seed)

"""The parcel service as a whole, while its database is away."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest

from services.parcel.numbers.entrypoints.item_numbers import LEASED_WITHIN_S
from services.parcel.posting.entrypoints.registrar import ANSWER_WITHIN_S
from shared.access.roles import Role
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME, keyed, parcel_body, person
from tests.parcel.counter import Counter

WITHIN_S = 10.0
BUSY = {"/problems/busy", "/problems/database-unavailable", "/problems/database-lost"}


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Take connections and say nothing, as a server does whose disk hangs."""
    writers: list[asyncio.StreamWriter] = []

    async def listen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"postgresql://nobody@127.0.0.1:{port}/none?sslmode=disable"
    finally:
        for writer in writers:
            writer.close()
        server.close()


@asynccontextmanager
async def refusing_server() -> AsyncIterator[str]:
    """Name a port where nobody listens."""
    yield "postgresql://nobody@127.0.0.1:1/none"


@asynccontextmanager
async def gone(database: Database, url: str) -> AsyncIterator[None]:
    """Let a database that everything holds already lead nowhere for a while."""
    nowhere = await Database.open(url, pool_size=5, application="tests")
    lasting, database._pool = database._pool, nowhere._pool
    try:
        yield
    finally:
        database._pool = lasting
        await nowhere.close(within_s=0.1)


def requests_of(counter: Counter, number: str) -> list[httpx.Request]:
    """Return one request for each route, and registrations of offices with and without numbers at hand."""
    clerk = counter.signed_in()
    build = counter.client.build_request
    registrations = [
        build("POST", "/parcels", json=parcel_body(office=office), headers=counter.signed_in(office=office) | keyed())
        for office in (HOME, AWAY)
        for _ in range(4)
    ]
    return [
        *registrations,
        build("GET", "/parcels", headers=clerk),
        build("GET", f"/parcels/{number}", headers=clerk),
        build("PUT", f"/parcels/{number}/recipient", json=person(), headers=clerk),
        build("POST", f"/parcels/{number}/cancellation", headers=clerk),
        build("GET", "/numbers", headers=clerk),
        build("POST", "/number-blocks", json={"office": HOME, "indicator": "PD"}, headers=clerk | keyed()),
        build("POST", "/sessions", json={"name": "sok", "passphrase": "x"}),
        build("PUT", f"/staff/{new_id()}/disabled", headers=counter.signed_in(Role.ADMINISTRATOR)),
    ]


@pytest.mark.parametrize("server", [refusing_server, silent_server])
async def test_every_request_is_told_to_come_back_while_the_database_is_away(
    counter: Counter, parcel_db: Database, server: Callable[[], AbstractAsyncContextManager[str]]
) -> None:
    number = await counter.registered()
    async with server() as url, gone(parcel_db, url):
        began = time.monotonic()
        answers = await asyncio.gather(*(counter.client.send(one) for one in requests_of(counter, number)))
        took_s = time.monotonic() - began

    assert took_s < WITHIN_S
    assert [answer.status_code for answer in answers] == [503] * len(answers)
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert {answer.json()["type"] for answer in answers} <= BUSY
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    assert (await counter.register()).status_code == 201


def test_a_registration_is_answered_in_time_whatever_part_of_it_waits() -> None:
    assert LEASED_WITHIN_S + ANSWER_WITHIN_S <= WITHIN_S


async def test_what_was_known_of_offices_and_people_is_known_without_a_database(
    counter: Counter, parcel_db: Database
) -> None:
    async with refusing_server() as url, gone(parcel_db, url):
        assert (await counter.get("/offices")).status_code == 200
        assert (await counter.client.get("/offices")).status_code == 401


async def test_a_connection_cut_while_it_is_used_is_told_as_busy_and_replaced(
    counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered()
    async with parcel_db.transaction() as holding:
        await holding.execute("select from parcel where item_number = $1 for update", number)
        waiting = asyncio.create_task(counter.cancel(number))
        await cut_who_waits(parcel_db)
        answer = await waiting

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert (await counter.cancel(number)).status_code == 200


async def cut_who_waits(database: Database) -> None:
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0"
    async with database.connection() as connection, asyncio.timeout(5):
        while not await connection.fetchval(cut):
            await asyncio.sleep(0.01)

"""The registrar: requests that wait together share a statement, and what keeps one must not keep the others."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from fastapi import FastAPI

from services.parcel.idempotency.domain.keys import KeyInFlight, digest
from services.parcel.numbers.use_cases.must_be_sticker import StickerUsed
from services.parcel.posting.entrypoints.registrar import ANSWER_WITHIN_S, LARGEST_STATEMENT, Registrar
from services.parcel.posting.store import registrations
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel.bodies import HOME, parcel_body
from tests.parcel.counter import Counter, refusal
from tests.parcel.posting.use_cases.test_register_parcels import asked, rows

CALLER = f"clerk-{HOME}"
KEEP = "insert into request (caller, key, body_sha256, answer) values ($1, $2, $3, $4)"


@pytest.fixture
def registrar(parcel_db: Database, key_ring: KeyRing) -> Registrar:
    return Registrar(parcel_db, Outbox("parcel", key_ring))


@asynccontextmanager
async def running(registrar: Registrar) -> AsyncIterator[None]:
    task = asyncio.create_task(registrar.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def twin_in_flight(database: Database, caller: str, key: str, body: bytes = b"") -> AsyncIterator[Any]:
    """Hold the row of a key in a transaction that nobody has ended yet."""
    async with database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(KEEP, caller, key, body, b"the twin's answer")
        try:
            yield transaction
        finally:
            if connection.is_in_transaction():
                await transaction.rollback()


async def somebody_waits(database: Database) -> None:
    async with database.connection() as connection, asyncio.timeout(5):
        while not await connection.fetchval(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.01)


async def test_a_twin_that_ends_in_time_gives_the_same_bytes(counter: Counter, parcel_db: Database) -> None:
    reference = await counter.register()
    async with parcel_db.connection() as connection:
        body = await connection.fetchval("select body_sha256 from request")
    async with twin_in_flight(parcel_db, CALLER, "k1", body) as transaction:
        waiting = asyncio.create_task(counter.register(key="k1"))
        await somebody_waits(parcel_db)
        await transaction.commit()
        answer = await waiting

    assert reference.status_code == answer.status_code == 201
    assert answer.content == b"the twin's answer"
    assert (await rows(parcel_db))["parcel"] == 1


async def test_a_twin_that_fails_leaves_the_key_to_the_one_that_waits(counter: Counter, parcel_db: Database) -> None:
    async with twin_in_flight(parcel_db, CALLER, "k1") as transaction:
        waiting = asyncio.create_task(counter.register(key="k1"))
        await somebody_waits(parcel_db)
        await transaction.rollback()

        assert (await waiting).status_code == 201


async def test_a_twin_that_does_not_end_is_waited_for_within_bounds(counter: Counter, parcel_db: Database) -> None:
    began = time.monotonic()
    async with twin_in_flight(parcel_db, CALLER, "k1"):
        answer = await counter.register(key="k1")

    assert refusal(answer) == (409, "idempotency-key-in-flight")
    assert int(answer.headers["retry-after"]) >= 1
    assert time.monotonic() - began < ANSWER_WITHIN_S / 2
    assert await rows(parcel_db) == {"request": 0, "parcel": 0, "outbox": 0}


async def test_a_key_that_is_held_costs_those_in_its_statement_nothing(
    registrar: Registrar, parcel_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registrations, "TWIN_WITHIN", "200ms")
    held = asyncio.create_task(registrar.register(asked(1, key="held")))
    others = [asyncio.create_task(registrar.register(asked(2 + n, key=f"free{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    async with twin_in_flight(parcel_db, "clerk", "held"), running(registrar):
        answers = await asyncio.gather(*others)
        with pytest.raises(KeyInFlight):
            await held

    assert all(b"PD" in answer for answer in answers)
    assert await rows(parcel_db) == {"request": 5, "parcel": 5, "outbox": 10}


async def test_one_bad_row_costs_those_in_its_statement_nothing(registrar: Registrar, parcel_db: Database) -> None:
    async with running(registrar):
        await registrar.register(asked(1, key="first"))
    bad = asyncio.create_task(registrar.register(asked(1, key="number taken")))
    others = [asyncio.create_task(registrar.register(asked(2 + n, key=f"good{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    async with running(registrar):
        answers = await asyncio.gather(*others)
        with pytest.raises(StickerUsed):
            await bad

    assert all(b"PD" in answer for answer in answers)
    assert (await rows(parcel_db))["parcel"] == 6


async def test_a_registration_is_one_statement_and_many_share_one(registrar: Registrar, parcel_db: Database) -> None:
    statements: list[str] = []
    async with watched(parcel_db, statements):
        async with running(registrar):
            # The driver asks a new connection about the types that it meets.
            await registrar.register(asked(0, key="first"))
            statements.clear()
            await registrar.register(asked(1, key="alone"))
            alone = len(statements)
        waiting = [asyncio.create_task(registrar.register(asked(2 + n, key=f"k{n}"))) for n in range(LARGEST_STATEMENT)]
        await asyncio.sleep(0)
        async with running(registrar):
            await asyncio.gather(*waiting)

    assert alone == 1
    assert len(statements) == 2
    assert all("insert into request" in statement and "into outbox" in statement for statement in statements)


@asynccontextmanager
async def watched(database: Database, statements: list[str]) -> AsyncIterator[None]:
    """Note every statement but the pool's own clean-up, on the one connection that there then is."""
    async with asyncio.timeout(5):
        held = [await database._pool.acquire() for _ in range(5)]
    connection = held.pop()

    def note(record: Any) -> None:
        if "pg_advisory_unlock_all" not in record.query:
            statements.append(record.query)

    # The pool's proxy, and not the connection, is what goes back to the pool.
    real = connection._con  # type: ignore[attr-defined]  # the stubs hide it
    real.add_query_logger(note)
    await database._pool.release(connection)
    try:
        yield
        await asyncio.sleep(0)
    finally:
        real.remove_query_logger(note)
        for one in held:
            await database._pool.release(one)


async def test_the_service_answers_what_it_took_before_it_stops(registrar: Registrar, parcel_db: Database) -> None:
    async with running(registrar):
        answers = await asyncio.gather(*(registrar.register(asked(n, key=f"k{n}")) for n in range(200)))

    assert len(set(answers)) == 200
    assert (await rows(parcel_db))["parcel"] == 200


async def test_a_request_whose_caller_gave_up_is_not_written(registrar: Registrar, parcel_db: Database) -> None:
    gone = asyncio.create_task(registrar.register(asked(1, key="gone")))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    async with running(registrar):
        await registrar.register(asked(2, key="there"))

    assert (await rows(parcel_db))["parcel"] == 1


async def test_the_digest_of_a_body_is_that_of_its_values_not_of_its_spelling(app: FastAPI, counter: Counter) -> None:
    body = parcel_body()
    shuffled = dict(reversed(body.items()))

    first, second = await counter.register(body, key="k1"), await counter.register(shuffled, key="k1")

    assert first.content == second.content
    assert digest(b"a") != digest(b"b")

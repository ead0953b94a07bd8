"""Registration: a key is used once, whatever is sent again, and all of a parcel commits or nothing."""

import asyncio
from collections import Counter as Tally
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from services.parcel.idempotency.domain.keys import KeyReused, digest
from services.parcel.idempotency.store import requests
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.use_cases.register_parcels import Asked, register_parcels
from shared.clock import now
from shared.contracts.parcel import ParcelContactsV1, ParcelRegisteredV1
from shared.db.connection import Database
from shared.errors import PostError
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber
from shared.sealing import KeyRing
from shared.trace import new_traceparent
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, SENDER, THIRD, abroad, parcel_body
from tests.parcel.counter import Counter, refusal
from tests.parcel.priced import POSTAGE

WRITTEN = ("request", "parcel", "outbox")


async def rows(database: Database) -> dict[str, int]:
    async with database.connection() as connection:
        return {table: await connection.fetchval(f"select count(*) from {table}") for table in WRITTEN}


def asked(serial: int, key: str = "k", **values: Any) -> Asked:
    person = Person(SENDER, "+85512345678", "en")
    filled: dict[str, Any] = {
        "office": HOME,
        "service": "parcel",
        "destination_country": "KH",
        "collecting_office": THIRD,
        "weight_g": 100,
        "length_mm": None,
        "width_mm": None,
        "height_mm": None,
        "sender": person,
        "recipient": person,
        "order_reference": None,
    }
    command = RegisterParcel(**(filled | values))
    body = digest(repr(command).encode())
    return Asked("clerk", key, command, POSTAGE, body, ItemNumber("PD", serial, "KH"), "clerk", new_traceparent())


async def register(database: Database, key_ring: KeyRing, *wanted: Asked) -> list[bytes | PostError]:
    async with database.connection() as connection:
        outbox = Outbox("parcel", key_ring)
        return await register_parcels(connection, outbox, wanted, lambda one: one.item_number.encode(), now())


async def test_the_same_key_and_body_give_the_same_bytes_and_one_parcel(counter: Counter, parcel_db: Database) -> None:
    answers = [await counter.register(key="k1") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await rows(parcel_db) == {"request": 1, "parcel": 1, "outbox": 2}


async def test_another_body_under_the_same_key_is_refused(counter: Counter, parcel_db: Database) -> None:
    await counter.register(key="k1")

    other = await counter.register(parcel_body(weight_g=1_201), key="k1")

    assert refusal(other) == (422, "idempotency-key-reused")
    assert [problem["field"] for problem in other.json()["errors"]] == ["idempotency-key"]
    assert await rows(parcel_db) == {"request": 1, "parcel": 1, "outbox": 2}


async def test_a_key_belongs_to_its_caller(counter: Counter) -> None:
    at_home = await counter.register(key="k1")
    away = await counter.register(parcel_body(office=AWAY), key="k1", by=AWAY)

    assert (at_home.status_code, away.status_code) == (201, 201)
    assert at_home.json()["item_number"] != away.json()["item_number"]


async def test_fifty_requests_at_once_under_one_key_make_one_parcel(counter: Counter, parcel_db: Database) -> None:
    answers = await asyncio.gather(*(counter.register(key="k1") for _ in range(50)))

    assert Tally(answer.status_code for answer in answers) == {201: 50}
    assert len({answer.content for answer in answers}) == 1
    assert await rows(parcel_db) == {"request": 1, "parcel": 1, "outbox": 2}


async def test_fifty_parcels_at_once_get_fifty_numbers(counter: Counter, parcel_db: Database) -> None:
    answers = await asyncio.gather(*(counter.register() for _ in range(50)))

    assert len({answer.json()["item_number"] for answer in answers}) == 50
    assert await rows(parcel_db) == {"request": 50, "parcel": 50, "outbox": 100}


async def test_twins_in_one_statement_get_the_answer_of_the_first(parcel_db: Database, key_ring: KeyRing) -> None:
    first, twin, stranger = await register(parcel_db, key_ring, asked(1), asked(2), asked(3, weight_g=9))

    assert first == twin
    assert first in {str(asked(serial).item_number).encode() for serial in (1, 2)}
    assert isinstance(stranger, KeyReused)
    assert await rows(parcel_db) == {"request": 1, "parcel": 1, "outbox": 2}


async def test_each_of_a_merged_statement_gets_its_own_answer(parcel_db: Database, key_ring: KeyRing) -> None:
    wanted = [asked(serial, key=f"k{serial}") for serial in range(10)]
    await register(parcel_db, key_ring, wanted[4])

    answers = await register(parcel_db, key_ring, *wanted)

    assert answers == [str(one.item_number).encode() for one in wanted]
    assert await rows(parcel_db) == {"request": 10, "parcel": 10, "outbox": 20}


async def test_a_statement_that_fails_half_way_leaves_nothing(parcel_db: Database, key_ring: KeyRing) -> None:
    await register(parcel_db, key_ring, asked(1))

    with pytest.raises(asyncpg.UniqueViolationError):
        await register(parcel_db, key_ring, asked(2, key="k2"), asked(1, key="k3"))

    assert await rows(parcel_db) == {"request": 1, "parcel": 1, "outbox": 2}


async def test_a_statement_killed_half_way_leaves_nothing(parcel_db: Database, key_ring: KeyRing) -> None:
    async with parcel_db.connection() as other:
        blocking = other.transaction()
        await blocking.start()
        # The key is written before the parcel, so the statement stands still between the two.
        await register_parcels(other, Outbox("parcel", key_ring), [asked(1, key="held")], lambda _: b"", now())
        killed = asyncio.create_task(register(parcel_db, key_ring, asked(1, key="killed")))
        await kill_who_waits_for(parcel_db, await other.fetchval("select pg_backend_pid()"))
        with pytest.raises((asyncpg.PostgresError, PostError)):
            await killed
        await blocking.rollback()

    assert await rows(parcel_db) == {"request": 0, "parcel": 0, "outbox": 0}
    assert await register(parcel_db, key_ring, asked(1, key="killed")) == [str(asked(1).item_number).encode()]


async def kill_who_waits_for(database: Database, blocking_pid: int) -> None:
    kill = "select pg_terminate_backend(pid) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))"
    async with database.connection() as connection, asyncio.timeout(5):
        while not await connection.fetchval(kill, blocking_pid):
            await asyncio.sleep(0.01)


async def test_parcel_answer_and_both_events_stand_there_after_a_201(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    answer = await counter.register(key="k1")

    number, secret = answer.json()["item_number"], answer.json()["link_secret"]
    registered, contacts = await told.events(parcel_db, key_ring)
    assert isinstance(registered, ParcelRegisteredV1)
    assert isinstance(contacts, ParcelContactsV1)
    assert (registered.item_number, registered.office, registered.collecting_office) == (number, HOME, THIRD)
    assert (contacts.item_number, contacts.link_secret) == (number, secret)
    assert (contacts.sender.phone, contacts.recipient.phone) == ("+85512345678", "+855971234567")
    assert contacts.recipient.name == RECIPIENT
    assert registered.link_secret_sha256 == digest(secret.encode()).hex()
    async with parcel_db.connection() as connection:
        kept = await requests.find(connection, f"clerk-{HOME}", "k1")
    assert kept is not None
    assert kept.answer == answer.content


async def test_no_column_of_the_outbox_shows_a_person(counter: Counter, parcel_db: Database) -> None:
    await counter.registered()
    await counter.register(abroad())

    async with parcel_db.connection() as connection:
        records = await connection.fetch("select * from outbox")
    seen = b"\n".join(
        value if isinstance(value, bytes) else str(value).encode() for record in records for value in record.values()
    )
    assert len(records) == 4
    assert b"PD1000" in seen
    for personal in (SENDER, RECIPIENT, "Kim Minji", "12345678", "971234567", "1023456789"):
        assert personal.encode() not in seen


async def test_a_lost_answer_is_given_again_after_the_last_number_is_used(
    app: FastAPI, counter: Counter, parcel_db: Database
) -> None:
    async with parcel_db.connection() as connection:
        await connection.execute("update number_range set next_serial = last_serial where indicator = 'PD'")
    last = await counter.register(key="k1")

    again, other_body = await counter.register(key="k1"), await counter.register(parcel_body(weight_g=9), key="k1")

    assert (last.status_code, again.status_code) == (201, 201)
    assert again.content == last.content
    assert refusal(other_body) == (422, "idempotency-key-reused")
    assert refusal(await counter.register(key="k2")) == (409, "numbers-exhausted")


async def test_a_lost_answer_is_given_again_after_an_office_closed(
    app: FastAPI, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await counter.register(key="k1")
    known = app.state.service.directory.offices
    closed = known[HOME].model_copy(update={"closed": True})
    monkeypatch.setattr(app.state.service.directory, "offices", {**known, HOME: closed})

    again, other = await counter.register(key="k1"), await counter.register(key="k2")

    assert (again.status_code, again.content) == (201, first.content)
    assert refusal(other) == (422, "invalid-request")

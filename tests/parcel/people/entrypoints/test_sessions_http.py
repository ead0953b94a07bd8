"""Signing in over HTTP: right, wrong, disabled, and too many at once."""

import asyncio
import hashlib
import threading
import time
from datetime import datetime, timedelta
from typing import Literal

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from services.parcel.people.domain.session import IDLE_LASTS, SHIFT_LASTS
from services.parcel.people.domain.sign_in_tries import FIRST_WAIT, FREE_TRIES
from services.parcel.people.domain.staff import Staff
from services.parcel.people.entrypoints.signing import Signing
from services.parcel.people.use_cases import count_staff_try
from services.parcel.people.use_cases.add_staff import add_staff
from services.parcel.people.use_cases.disable_staff import disable_staff
from shared.access.directory import Directory
from shared.access.passphrases import AT_ONCE, LONGEST_QUEUE
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.db.connection import Database
from shared.ids import new_id
from shared.web.service import Service
from tests.parcel.bodies import HOME
from tests.parcel.counter import Counter, problems, refusal

PASSPHRASE = "rice field at dawn"


def signing(app: FastAPI) -> Signing:
    parts: Signing = app.state.signing
    return parts


@pytest.fixture
async def clerk(app: FastAPI, parcel_db: Database) -> Staff:
    passphrase_hash = await signing(app).passphrases.hash(PASSPHRASE)
    person = Staff(new_id(), "sok", passphrase_hash, Role.CLERK, HOME)
    service: Service = app.state.service
    async with parcel_db.transaction() as tx:
        await add_staff(tx, service.outbox, person)
    await service.directory.refresh(parcel_db)
    return person


async def sign_in(counter: Counter, name: str = "sok", passphrase: str = PASSPHRASE) -> tuple[int, bytes]:
    answer = await counter.client.post("/sessions", json={"name": name, "passphrase": passphrase})
    return answer.status_code, answer.content


async def test_name_and_passphrase_give_a_token_that_works(counter: Counter, clerk: Staff) -> None:
    answer = await counter.client.post("/sessions", json={"name": "sok", "passphrase": PASSPHRASE})

    session = answer.json()
    assert (answer.status_code, session["role"], session["office"]) == (201, "clerk", HOME)
    assert session["actor"] == str(clerk.staff_id)
    # The key stands in the directory by way of the fixture; a service publishes its own when it starts.
    headers = {"Authorization": f"Bearer {session['token']}"}
    assert (await counter.client.get("/offices", headers=headers)).status_code == 200


async def opened(counter: Counter) -> dict[str, str]:
    answer = await counter.client.post("/sessions", json={"name": "sok", "passphrase": PASSPHRASE})
    assert answer.status_code == 201, answer.text
    session: dict[str, str] = answer.json()
    return session


async def renew(counter: Counter, secret: str) -> httpx.Response:
    return await counter.client.post("/sessions/renewals", json={"session": secret})


async def age(parcel_db: Database, **by: timedelta) -> None:
    async with parcel_db.connection() as connection:
        for column, interval in by.items():
            await connection.execute(f"update session set {column} = {column} - $1::interval", interval)


async def test_a_session_is_renewed_without_the_passphrase(counter: Counter, clerk: Staff, app: FastAPI) -> None:
    first = await opened(counter)
    renewed = await renew(counter, first["session"])

    assert (renewed.status_code, renewed.json()["actor"]) == (201, str(clerk.staff_id))
    assert renewed.json()["session_ends_at"] == first["session_ends_at"]
    directory: Directory = app.state.service.directory
    assert directory.actor_of(renewed.json()["token"]).id == str(clerk.staff_id)


async def test_no_token_outlasts_the_shift(counter: Counter, clerk: Staff, parcel_db: Database) -> None:
    first = await opened(counter)
    await age(parcel_db, began_at=SHIFT_LASTS - timedelta(minutes=2))
    renewed = await renew(counter, first["session"])

    left = datetime.fromisoformat(renewed.json()["expires_at"]) - now()
    assert timedelta(minutes=1, seconds=50) < left <= timedelta(minutes=2)
    await age(parcel_db, began_at=timedelta(minutes=2))
    assert refusal(await renew(counter, first["session"])) == (401, "session-ended")


async def test_a_session_that_was_left_ends_by_itself_and_one_that_is_used_does_not(
    counter: Counter, clerk: Staff, parcel_db: Database
) -> None:
    first = await opened(counter)
    for _ in range(3):
        await age(parcel_db, used_at=IDLE_LASTS - timedelta(minutes=1))
        assert (await renew(counter, first["session"])).status_code == 201

    await age(parcel_db, used_at=IDLE_LASTS)

    assert refusal(await renew(counter, first["session"])) == (401, "session-ended")


async def test_who_signs_out_on_one_device_stays_signed_in_on_the_other(counter: Counter, clerk: Staff) -> None:
    here, there = await opened(counter), await opened(counter)
    for _ in range(2):
        ended = await counter.client.post("/sessions/endings", json={"session": here["session"]})
        assert ended.status_code == 204

    assert refusal(await renew(counter, here["session"])) == (401, "session-ended")
    assert (await renew(counter, there["session"])).status_code == 201


@pytest.mark.parametrize("secret", ["x" * 43, "a-secret-that-nobody-was-ever-given"])
async def test_an_unknown_secret_renews_nothing(counter: Counter, clerk: Staff, secret: str) -> None:
    await opened(counter)
    assert refusal(await renew(counter, secret)) == (401, "session-ended")


async def test_the_secret_of_a_session_is_kept_nowhere(counter: Counter, clerk: Staff, parcel_db: Database) -> None:
    secret = (await opened(counter))["session"]
    async with parcel_db.connection() as connection:
        rows = await connection.fetch("select s::text as row from session as s")
    assert len(rows) == 1
    assert secret not in rows[0]["row"]
    assert hashlib.sha256(secret.encode()).hexdigest() in rows[0]["row"]


async def test_disabling_a_person_ends_their_sessions(
    counter: Counter, clerk: Staff, app: FastAPI, parcel_db: Database
) -> None:
    first = await opened(counter)
    async with parcel_db.transaction() as tx:
        administrator = Actor("admin", Role.ADMINISTRATOR, None)
        await disable_staff(tx, app.state.service.outbox, administrator, clerk.staff_id, now())

    # The directory has not been read since: the session alone says no.
    assert refusal(await renew(counter, first["session"])) == (401, "session-ended")


async def test_wrong_passphrases_make_the_next_tries_wait(counter: Counter, clerk: Staff, parcel_db: Database) -> None:
    for _ in range(FREE_TRIES):
        assert (await sign_in(counter, passphrase="wrong"))[0] == 401
    throttled = await counter.client.post("/sessions", json={"name": "sok", "passphrase": PASSPHRASE})
    assert refusal(throttled) == (429, "too-many-tries")
    assert 1 <= int(throttled.headers["retry-after"]) <= FIRST_WAIT.total_seconds() + 1

    async with parcel_db.connection() as connection:
        await connection.execute("update sign_in_try set last_at = last_at - $1::interval", FIRST_WAIT)
    assert (await sign_in(counter))[0] == 201
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from sign_in_try") == 0


async def test_a_name_that_nobody_has_is_throttled_alike(counter: Counter) -> None:
    answers = [await sign_in(counter, name="nobody") for _ in range(FREE_TRIES + 1)]
    assert [status for status, _ in answers] == [401] * FREE_TRIES + [429]


async def test_tries_sent_together_count_one_by_one(counter: Counter, clerk: Staff) -> None:
    answers = await asyncio.gather(*(sign_in(counter, passphrase="wrong") for _ in range(12)))
    assert sorted(status for status, _ in answers) == [401] * FREE_TRIES + [429] * 7


async def test_a_wrong_name_a_wrong_passphrase_and_a_disabled_person_answer_alike(
    counter: Counter, clerk: Staff, app: FastAPI, parcel_db: Database
) -> None:
    wrong_name = await sign_in(counter, name="nobody")
    wrong_passphrase = await sign_in(counter, passphrase="wrong")
    async with parcel_db.transaction() as tx:
        administrator = Actor("admin", Role.ADMINISTRATOR, None)
        await disable_staff(tx, app.state.service.outbox, administrator, clerk.staff_id, now())
    disabled = await sign_in(counter)

    assert wrong_name == wrong_passphrase == disabled
    assert wrong_name[0] == 401
    assert b"sign-in-refused" in wrong_name[1]


class WatchedHasher(PasswordHasher):
    """Notes in which thread each hash is worked out."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=19_456, parallelism=1)
        self.worked_in: list[str] = []

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.worked_in.append(threading.current_thread().name)
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  # the library's name
        self.worked_in.append(threading.current_thread().name)
        return super().verify(hash, password)


@pytest.mark.parametrize(
    ("name", "passphrase"), [("sok", PASSPHRASE), ("sok", "wrong"), ("nobody", PASSPHRASE), ("nobody else", "x")]
)
async def test_every_sign_in_works_out_one_hash_beside_the_event_loop(
    app: FastAPI, counter: Counter, clerk: Staff, monkeypatch: pytest.MonkeyPatch, name: str, passphrase: str
) -> None:
    watched = WatchedHasher()
    monkeypatch.setattr(signing(app).passphrases, "_hasher", watched)

    await sign_in(counter, name, passphrase)

    assert len(watched.worked_in) == 1
    assert watched.worked_in[0].startswith("argon2")


class Stalled:
    """Keeps the threads that hash until it is let go."""

    def __init__(self, app: FastAPI) -> None:
        self._go_on = threading.Event()
        for _ in range(AT_ONCE):
            signing(app).passphrases._pool.submit(self._go_on.wait, 20)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._go_on.set()


async def test_sign_ins_that_wait_keep_no_connection_from_the_counter(
    app: FastAPI, counter: Counter, clerk: Staff
) -> None:
    with Stalled(app):
        waiting = [asyncio.create_task(sign_in(counter, f"nobody {n}")) for n in range(LONGEST_QUEUE)]
        await all_wait(app, LONGEST_QUEUE)
        began = time.monotonic()
        registered = await counter.register()
        took_s = time.monotonic() - began
    outcomes = await asyncio.gather(*waiting)

    assert registered.status_code == 201
    assert took_s < 2
    assert {status for status, _ in outcomes} == {401}


async def test_one_more_than_the_queue_holds_is_told_to_come_back(app: FastAPI, counter: Counter, clerk: Staff) -> None:
    with Stalled(app):
        waiting = [asyncio.create_task(sign_in(counter, f"nobody {n}")) for n in range(LONGEST_QUEUE)]
        await all_wait(app, LONGEST_QUEUE)
        one_more = await counter.client.post("/sessions", json={"name": "sok", "passphrase": PASSPHRASE})
    await asyncio.gather(*waiting)

    assert refusal(one_more) == (503, "too-many-sign-ins")
    assert int(one_more.headers["retry-after"]) >= 1
    assert (await sign_in(counter))[0] == 201


async def all_wait(app: FastAPI, count: int) -> None:
    async with asyncio.timeout(5):
        while signing(app).passphrases._waiting < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "sok"}, "passphrase"),
        ({"name": "", "passphrase": "x"}, "name"),
        ({"name": "a\u0000b", "passphrase": "x"}, "name"),
        ({"name": "x" * 65, "passphrase": "x"}, "name"),
        ({"name": "sok", "passphrase": "x" * 257}, "passphrase"),
        ({"name": "sok", "passphrase": "x", "otp": "1"}, "otp"),
    ],
    ids=str,
)
async def test_a_sign_in_that_cannot_be_is_refused_by_field(counter: Counter, body: dict[str, str], field: str) -> None:
    answer = await counter.client.post("/sessions", json=body)

    assert answer.status_code == 422
    assert [named for named, _ in problems(answer)] == [field]


async def test_a_damaged_hash_fits_no_passphrase(app: FastAPI) -> None:
    assert not await signing(app).passphrases.fit("no hash", "x")


def from_address(app: FastAPI, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://post.example")


async def tries(client: httpx.AsyncClient, times: int, passphrase: str = "wrong") -> list[int]:
    body = {"name": "sok", "passphrase": passphrase}
    return [(await client.post("/sessions", json=body)).status_code for _ in range(times)]


async def test_a_stranger_elsewhere_does_not_make_the_clerk_wait(app: FastAPI, counter: Counter, clerk: Staff) -> None:
    async with from_address(app, "203.0.113.7") as stranger:
        assert await tries(stranger, FREE_TRIES + 3) == [401] * FREE_TRIES + [429] * 3
        assert (await sign_in(counter))[0] == 201
        assert await tries(stranger, 1) == [429]


async def test_many_addresses_together_use_a_name_up(
    app: FastAPI, counter: Counter, clerk: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(count_staff_try, "FREE_TRIES_OF_A_NAME", 7)
    for place in range(2):
        async with from_address(app, f"203.0.113.{place}") as stranger:
            await tries(stranger, FREE_TRIES + 2)
    assert (await sign_in(counter))[0] == 429


async def test_what_its_address_refused_does_not_count_for_the_name(
    app: FastAPI, clerk: Staff, parcel_db: Database
) -> None:
    async with from_address(app, "203.0.113.7") as stranger:
        await tries(stranger, FREE_TRIES + 4)
    async with parcel_db.connection() as connection:
        rows = await connection.fetch("select who, tries from sign_in_try")
    assert {row["who"] == "sok": row["tries"] for row in rows} == {True: FREE_TRIES, False: FREE_TRIES}
    assert "203.0.113.7" not in str(rows)

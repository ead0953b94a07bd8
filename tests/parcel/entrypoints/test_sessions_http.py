"""Signing in over HTTP: right, wrong, disabled, and too many at once."""

import asyncio
import threading
import time
from datetime import datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from services.parcel.entrypoints.running import Running
from services.parcel.store.staff import Staff
from services.parcel.use_cases.add_staff import add_staff
from services.parcel.use_cases.disable_staff import disable_staff
from shared.access.directory import Directory
from shared.access.passphrases import AT_ONCE, LONGEST_QUEUE
from shared.access.roles import Actor, Role
from shared.access.tokens import SHIFT_LASTS, TokenRefused, issue
from shared.clock import now
from shared.db.connection import Database
from shared.ids import new_id
from shared.web.service import Service
from tests.parcel.bodies import HOME
from tests.parcel.counter import Counter, problems, refusal

PASSPHRASE = "rice field at dawn"


def running(app: FastAPI) -> Running:
    parts: Running = app.state.running
    return parts


@pytest.fixture
async def clerk(app: FastAPI, parcel_db: Database) -> Staff:
    passphrase_hash = await running(app).passphrases.hash(PASSPHRASE)
    person = Staff(new_id(), "sok", passphrase_hash, Role.CLERK, HOME)
    service: Service = app.state.service
    async with parcel_db.transaction() as tx:
        await add_staff(tx, service.outbox, person)
    await service.directory.refresh(parcel_db)
    return person


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


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


async def test_a_session_is_renewed_without_the_passphrase(counter: Counter, clerk: Staff, app: FastAPI) -> None:
    first = (await counter.client.post("/sessions", json={"name": "sok", "passphrase": PASSPHRASE})).json()
    renewed = await counter.client.post("/sessions/renewals", headers=bearer(first["token"]))

    assert (renewed.status_code, renewed.json()["actor"]) == (201, str(clerk.staff_id))
    directory: Directory = app.state.service.directory
    assert directory.actor_of(renewed.json()["token"]).id == str(clerk.staff_id)
    assert directory.signed_in_at(renewed.json()["token"]) == directory.signed_in_at(first["token"])


async def test_no_renewal_outlasts_the_shift(counter: Counter, clerk: Staff, app: FastAPI) -> None:
    key, actor_id = running(app).signing_key, str(clerk.staff_id)
    nearly_over = issue(key, actor_id, now(), now() - SHIFT_LASTS + timedelta(minutes=2))[0]
    renewed = await counter.client.post("/sessions/renewals", headers=bearer(nearly_over))

    left = datetime.fromisoformat(renewed.json()["expires_at"]) - now()
    assert timedelta(minutes=1, seconds=50) < left <= timedelta(minutes=2)
    with pytest.raises(TokenRefused):
        issue(key, actor_id, now(), now() - SHIFT_LASTS - timedelta(seconds=1))


async def test_a_session_of_nobody_or_of_a_disabled_person_is_not_renewed(
    counter: Counter, clerk: Staff, app: FastAPI, parcel_db: Database
) -> None:
    token = issue(running(app).signing_key, str(clerk.staff_id), now())[0]
    async with parcel_db.transaction() as tx:
        administrator = Actor("admin", Role.ADMINISTRATOR, None)
        await disable_staff(tx, app.state.service.outbox, administrator, clerk.staff_id, now())
    await app.state.service.directory.refresh(parcel_db)

    for headers in ({}, bearer("nonsense"), bearer(token)):
        refused = await counter.client.post("/sessions/renewals", headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (401, "/problems/token-refused")


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
    monkeypatch.setattr(running(app).passphrases, "_hasher", watched)

    await sign_in(counter, name, passphrase)

    assert len(watched.worked_in) == 1
    assert watched.worked_in[0].startswith("argon2")


class Stalled:
    """Keeps the threads that hash until it is let go."""

    def __init__(self, app: FastAPI) -> None:
        self._go_on = threading.Event()
        for _ in range(AT_ONCE):
            running(app).passphrases._pool.submit(self._go_on.wait, 20)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._go_on.set()


async def test_sign_ins_that_wait_keep_no_connection_from_the_counter(
    app: FastAPI, counter: Counter, clerk: Staff
) -> None:
    with Stalled(app):
        waiting = [asyncio.create_task(sign_in(counter)) for _ in range(LONGEST_QUEUE)]
        await all_wait(app, LONGEST_QUEUE)
        began = time.monotonic()
        registered = await counter.register()
        took_s = time.monotonic() - began
    outcomes = await asyncio.gather(*waiting)

    assert registered.status_code == 201
    assert took_s < 2
    assert {status for status, _ in outcomes} == {201}


async def test_one_more_than_the_queue_holds_is_told_to_come_back(app: FastAPI, counter: Counter, clerk: Staff) -> None:
    with Stalled(app):
        waiting = [asyncio.create_task(sign_in(counter)) for _ in range(LONGEST_QUEUE)]
        await all_wait(app, LONGEST_QUEUE)
        one_more = await counter.client.post("/sessions", json={"name": "sok", "passphrase": PASSPHRASE})
    await asyncio.gather(*waiting)

    assert refusal(one_more) == (503, "too-many-sign-ins")
    assert int(one_more.headers["retry-after"]) >= 1
    assert (await sign_in(counter))[0] == 201


async def all_wait(app: FastAPI, count: int) -> None:
    async with asyncio.timeout(5):
        while running(app).passphrases._waiting < count:
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
    assert not await running(app).passphrases.fit("no hash", "x")

"""Whoever was disabled comes back with a fresh passphrase, and with nothing of what they had before."""

import asyncio
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from services.parcel.people.use_cases.enable_staff import enable_staff
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.contracts.directory import ActorV1
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.access.signed_in import bearer
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.second_factors import enrolled
from tests.parcel.pricing.waiting import until_somebody_waits

NAME, OLD, FRESH = "sok dara", "four words of mine", "five other words of mine"


async def hire(counter: Counter, role: str = "clerk") -> str:
    body = {"name": NAME, "role": role, "office": HOME, "passphrase": OLD}
    headers = counter.signed_in(Role.ADMINISTRATOR) | keyed()
    answer = await counter.client.post("/staff", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["staff_id"])


async def sign_in(counter: Counter, passphrase: str) -> httpx.Response:
    return await counter.client.post("/sessions", json={"name": NAME, "passphrase": passphrase})


async def disable(counter: Counter, staff_id: str) -> None:
    headers = counter.signed_in(Role.ADMINISTRATOR)
    assert (await counter.client.put(f"/staff/{staff_id}/disabled", headers=headers)).status_code == 204


async def enable(
    counter: Counter, staff_id: str, role: Role = Role.OFFICE_MANAGER, by: str = HOME, passphrase: str = FRESH
) -> httpx.Response:
    headers, body = counter.signed_in(role, by), {"passphrase": passphrase}
    return await counter.client.put(f"/staff/{staff_id}/enabled", json=body, headers=headers)


async def test_who_is_enabled_signs_in_with_the_fresh_passphrase_alone(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    staff_id = await hire(counter)
    session = (await sign_in(counter, OLD)).json()
    await enrolled(counter, bearer(session["token"]), passphrase=OLD)
    await disable(counter, staff_id)

    with capture_logs() as lines:
        assert (await enable(counter, staff_id)).status_code == 204

    assert refusal(await sign_in(counter, OLD)) == (401, "sign-in-refused")
    again = await sign_in(counter, FRESH)
    assert (again.status_code, again.json()["actor"]) == (201, staff_id)
    assert (await counter.client.get("/offices", headers=bearer(again.json()["token"]))).status_code == 200
    renewed = await counter.client.post("/sessions/renewals", json={"session": session["session"]})
    assert refusal(renewed) == (401, "session-ended")
    (line,) = [line for line in lines if line["event"] == "staff enabled"]
    assert (line["enabled"], line["actor"]) == (staff_id, "office_manager-TK01A")
    entries = await told.events(parcel_db, key_ring, f"actor:{staff_id}")
    assert [(e.version, e.disabled) for e in entries if isinstance(e, ActorV1)] == [(1, False), (2, True), (3, False)]


@pytest.mark.parametrize(
    ("of", "role", "by", "expected"),
    [
        ("clerk", Role.OFFICE_MANAGER, HOME, None),
        ("clerk", Role.ADMINISTRATOR, HOME, None),
        ("office_manager", Role.ADMINISTRATOR, HOME, None),
        ("clerk", Role.OFFICE_MANAGER, AWAY, (404, "person-not-found")),
        ("office_manager", Role.OFFICE_MANAGER, HOME, (403, "role-not-yours")),
        ("clerk", Role.SUPERVISOR, HOME, (403, "role-refused")),
    ],
)
async def test_whoever_may_disable_somebody_may_enable_them(
    counter: Counter, of: str, role: Role, by: str, expected: tuple[int, str] | None
) -> None:
    staff_id = await hire(counter, of)
    await disable(counter, staff_id)

    answer = await enable(counter, staff_id, role, by)

    assert (answer.status_code == 204) if expected is None else (refusal(answer) == expected)
    assert (await sign_in(counter, FRESH)).status_code == (201 if expected is None else 401)


async def test_who_may_act_is_not_enabled(counter: Counter) -> None:
    staff_id = await hire(counter)
    assert refusal(await enable(counter, staff_id)) == (409, "may-act-already")
    assert (await sign_in(counter, OLD)).status_code == 201


async def test_the_fresh_passphrase_is_a_good_one(counter: Counter) -> None:
    staff_id = await hire(counter)
    await disable(counter, staff_id)
    assert problems(await enable(counter, staff_id, passphrase="Sok Dara again")) == [("passphrase", "too-easy")]
    assert refusal(await sign_in(counter, OLD)) == (401, "sign-in-refused")


ADMINISTRATOR = Actor("administrator", Role.ADMINISTRATOR, None)


async def test_of_two_who_enable_somebody_at_once_the_second_is_told(
    app: FastAPI, counter: Counter, parcel_db: Database
) -> None:
    staff_id = await hire(counter)
    await disable(counter, staff_id)
    async with parcel_db.transaction() as tx:
        passphrase_hash = await app.state.signing.passphrases.hash(FRESH)
        await enable_staff(tx, app.state.service.outbox, ADMINISTRATOR, UUID(staff_id), passphrase_hash, now())
        second = asyncio.create_task(enable(counter, staff_id, passphrase="words of the second one"))
        await until_somebody_waits(parcel_db)

    assert refusal(await second) == (409, "may-act-already")
    assert (await sign_in(counter, FRESH)).status_code == 201


async def test_who_is_disabled_while_somebody_enables_them_is_so_afterwards(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    staff_id = await hire(counter)
    await disable(counter, staff_id)
    async with parcel_db.transaction() as tx:
        passphrase_hash = await app.state.signing.passphrases.hash(FRESH)
        await enable_staff(tx, app.state.service.outbox, ADMINISTRATOR, UUID(staff_id), passphrase_hash, now())
        disabling = asyncio.create_task(disable(counter, staff_id))
        await until_somebody_waits(parcel_db)
    await disabling

    last = (await told.events(parcel_db, key_ring, f"actor:{staff_id}"))[-1]
    assert isinstance(last, ActorV1)
    assert (last.version, last.disabled) == (4, True)
    assert refusal(await sign_in(counter, FRESH)) == (401, "sign-in-refused")

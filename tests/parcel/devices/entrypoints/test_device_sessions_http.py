"""Signing in on a device: a pass of fourteen days, the key of its store, and an end with the device."""

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.devices.use_cases.find_pass import find_pass
from services.parcel.people.use_cases.find_session import find_session
from shared.access import passes
from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.counter import Counter, refusal
from tests.parcel.devices.counter_device import enrolled, revoke
from tests.parcel.devices.staff import hired, sign_in, signed_in


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_who_signs_in_on_a_device_gets_a_pass_for_fourteen_days(
    app: FastAPI, counter: Counter, parcel_db: Database
) -> None:
    device, clerk = await enrolled(counter), await hired(app, parcel_db)

    session = await signed_in(device, clerk)

    granted = passes.prove(app.state.service.directory.signing_keys, session["device_pass"])
    assert (granted.staff, granted.role, granted.office) == (str(clerk.staff_id), Role.CLERK, HOME)
    assert granted.device_id == device.device_id
    assert datetime.fromisoformat(session["pass_ends_at"]) - granted.issued_at == timedelta(days=14)
    assert (await counter.client.get("/offices", headers=bearer(session["token"]))).status_code == 200


async def test_everybody_on_a_device_gets_the_same_key_of_its_store(
    app: FastAPI, counter: Counter, parcel_db: Database
) -> None:
    device, other = await enrolled(counter), await enrolled(counter)
    keys = [(await signed_in(device, await hired(app, parcel_db)))["store_key"] for _ in range(2)]

    assert len(set(keys)) == 1
    assert len(keys[0]) == 43
    assert (await signed_in(other, await hired(app, parcel_db)))["store_key"] not in keys
    async with parcel_db.connection() as connection:
        assert not any(keys[0] in row[0] for row in await connection.fetch("select d::text from device as d"))


async def test_a_pass_leads_to_the_session_that_it_was_given_with(
    app: FastAPI, counter: Counter, parcel_db: Database
) -> None:
    session = await signed_in(await enrolled(counter), await hired(app, parcel_db))
    granted = passes.prove(app.state.service.directory.signing_keys, session["device_pass"])
    await counter.client.post("/sessions/endings", json={"session": session["session"]})

    async with parcel_db.connection() as connection:
        kept = await find_pass(connection, granted.pass_id)
        assert kept is not None
        found = await find_session(connection, kept.session_id)

    assert kept.granted == granted
    assert found is not None
    assert (found.device_id, found.ended_at is None) == (granted.device_id, False)


async def test_the_supervisor_sees_who_may_unlock_a_device(app: FastAPI, counter: Counter, parcel_db: Database) -> None:
    device, clerk = await enrolled(counter), await hired(app, parcel_db)
    await signed_in(device, clerk)
    last = await signed_in(device, clerk)

    (shown,) = (await counter.get(f"/devices/{device.device_id}", Role.SUPERVISOR)).json()["passes"]

    assert (shown["staff"], shown["ends_at"]) == (str(clerk.staff_id), last["pass_ends_at"])


async def test_a_wrong_passphrase_gives_nothing(app: FastAPI, counter: Counter, parcel_db: Database) -> None:
    device, clerk = await enrolled(counter), await hired(app, parcel_db)

    assert refusal(await sign_in(device, clerk, "another one")) == (401, "sign-in-refused")


@pytest.mark.parametrize(
    ("role", "office", "refused"),
    [(Role.CLERK, AWAY, "other-office"), (Role.AUDITOR, None, "role-refused"), (Role.ADMINISTRATOR, None, None)],
)
async def test_a_device_serves_those_who_work_at_its_office(
    app: FastAPI, counter: Counter, parcel_db: Database, role: Role, office: str | None, refused: str | None
) -> None:
    device, person = await enrolled(counter), await hired(app, parcel_db, role, office)

    answer = await sign_in(device, person)

    assert (refusal(answer)[1] if refused else answer.status_code) == (refused or 201)


async def renew(counter: Counter, secret: str) -> httpx.Response:
    return await counter.client.post("/sessions/renewals", json={"session": secret})


async def test_with_the_device_end_its_sessions_and_their_tokens_at_once(
    app: FastAPI, counter: Counter, parcel_db: Database
) -> None:
    device, clerk = await enrolled(counter), await hired(app, parcel_db)
    session = await signed_in(device, clerk)
    renewed = (await renew(counter, session["session"])).json()["token"]
    elsewhere = await signed_in(await enrolled(counter), clerk)

    await revoke(counter, device.device_id)

    assert refusal(await sign_in(device, clerk)) == (403, "device-revoked")
    assert refusal(await renew(counter, session["session"])) == (401, "session-ended")
    for token in (session["token"], renewed):
        answer = await counter.client.get("/offices", headers=bearer(token))
        assert refusal(answer) == (401, "token-refused")
    assert (await renew(counter, elsewhere["session"])).status_code == 201
    assert (await counter.client.get("/offices", headers=bearer(elsewhere["token"]))).status_code == 200


async def test_the_key_of_a_revoked_devices_store_is_gone(app: FastAPI, counter: Counter, parcel_db: Database) -> None:
    device = await enrolled(counter)
    await revoke(counter, device.device_id)

    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select store_key_sealed is null from device")


async def test_nobody_signs_in_beside_a_revocation(app: FastAPI, counter: Counter, parcel_db: Database) -> None:
    clerk = await hired(app, parcel_db)
    for _ in range(5):
        device = await enrolled(counter)
        answer, _ = await asyncio.gather(sign_in(device, clerk), revoke(counter, device.device_id))
        if answer.status_code == 201:
            assert refusal(await renew(counter, answer.json()["session"])) == (401, "session-ended")
        else:
            assert refusal(answer) == (403, "device-revoked")

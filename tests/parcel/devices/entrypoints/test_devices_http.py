"""Devices over HTTP: added with a code, enrolled once, seen by their office, revoked for good."""

import asyncio
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.parcel.devices.domain.enrolment import MOST_TRIES
from shared.access.roles import Role
from shared.contracts.directory import DeviceV1
from shared.db.connection import Database
from shared.ids import new_id
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.devices.counter_device import CounterDevice, added, enrolled, revoke

REFUSED = (401, "enrolment-refused")


async def waiting(counter: Counter) -> tuple[CounterDevice, str]:
    """Add a device; returns it with its code."""
    shown = await added(counter)
    return CounterDevice(counter.client, UUID(shown["device_id"])), shown["code"]


async def entries(parcel_db: Database, key_ring: KeyRing) -> list[DeviceV1]:
    return [event for event in await told.events(parcel_db, key_ring) if isinstance(event, DeviceV1)]


async def test_a_device_is_enrolled_with_its_code_and_told_to_every_service(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    device, code = await waiting(counter)
    assert await entries(parcel_db, key_ring) == []

    answer = await device.enrol(code)

    assert (answer.status_code, answer.json()["office"]) == (201, HOME)
    (entry,) = await entries(parcel_db, key_ring)
    assert (entry.device_id, entry.office, entry.public_key) == (device.device_id, HOME, device.public_key)
    assert (entry.version, entry.revoked_at) == (1, None)


async def test_the_answer_carries_the_keys_that_parcel_signs_with(counter: Counter) -> None:
    device, code = await waiting(counter)

    (key,) = (await device.enrol(code)).json()["signing_keys"]

    assert key["key_id"] == counter.key.key_id
    assert len(key["public_key"]) == 43


async def test_an_answer_that_was_lost_is_given_again(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    device, code = await waiting(counter)

    answers = await asyncio.gather(*(device.enrol(code) for _ in range(3)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await entries(parcel_db, key_ring)) == 1


async def test_a_code_may_be_typed_as_it_is_read(counter: Counter) -> None:
    device, code = await waiting(counter)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert (await device.enrol(typed)).status_code == 201


async def test_a_code_enrols_one_key(counter: Counter) -> None:
    device, code = await waiting(counter)
    assert (await device.enrol(code)).status_code == 201

    assert refusal(await CounterDevice(counter.client, device.device_id).enrol(code)) == REFUSED


async def test_a_wrong_code_and_an_unknown_device_are_refused_alike(counter: Counter) -> None:
    device, _ = await waiting(counter)
    wrong = await device.enrol("AAAAA-AAAAA")
    unknown = await CounterDevice(counter.client, new_id()).enrol("AAAAA-AAAAA")

    assert refusal(wrong) == REFUSED
    assert (unknown.status_code, unknown.content) == (401, wrong.content)


async def test_a_code_is_worth_nothing_after_five_tries(counter: Counter) -> None:
    device, code = await waiting(counter)
    for _ in range(MOST_TRIES):
        await device.enrol("AAAAA-AAAAA")

    assert refusal(await device.enrol(code)) == REFUSED


async def test_many_tries_at_once_gain_nothing(counter: Counter) -> None:
    device, code = await waiting(counter)
    await asyncio.gather(*(device.enrol("AAAAA-AAAAA") for _ in range(2 * MOST_TRIES)))

    assert refusal(await device.enrol(code)) == REFUSED


async def test_a_code_is_worth_nothing_after_an_hour(counter: Counter, parcel_db: Database) -> None:
    device, code = await waiting(counter)
    async with parcel_db.connection() as connection:
        await connection.execute("update device set code_expires_at = code_expires_at - interval '1 hour'")

    assert refusal(await device.enrol(code)) == REFUSED


async def test_a_key_belongs_to_one_device(counter: Counter) -> None:
    first = await enrolled(counter)
    second, code = await waiting(counter)
    second.key = first.key

    assert refusal(await second.enrol(code)) == (409, "device-key-taken")


async def test_of_two_devices_enrolled_with_one_key_at_once_one_is(counter: Counter) -> None:
    (first, one), (second, other) = await waiting(counter), await waiting(counter)
    second.key = first.key

    answers = await asyncio.gather(first.enrol(one), second.enrol(other))

    assert sorted(answer.status_code for answer in answers) == [201, 409]


@pytest.mark.parametrize(
    ("public_key", "code"),
    [
        ("A" * 43, "weak-key"),
        ("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", "weak-key"),
        ("B" * 43, "not-a-key"),
        ("é" * 43, "string-pattern-mismatch"),
        ("A" * 42, "string-too-short"),
    ],
)
async def test_a_key_that_is_none_or_anybodys_is_refused_by_field(counter: Counter, public_key: str, code: str) -> None:
    device, of_device = await waiting(counter)
    body = {"code": of_device, "public_key": public_key}

    answer = await counter.client.post(f"/devices/{device.device_id}/key", json=body)

    assert problems(answer) == [("public_key", code)]


async def test_code_and_store_key_are_kept_in_no_readable_form(counter: Counter, parcel_db: Database) -> None:
    shown = await added(counter)
    async with parcel_db.connection() as connection:
        row = await connection.fetchval("select d::text from device as d")

    assert shown["code"] not in row
    assert shown["code"].replace("-", "") not in row


async def test_an_office_sees_its_devices_and_the_auditor_all(counter: Counter) -> None:
    own, away = await enrolled(counter), await enrolled(counter, AWAY)

    listed = (await counter.get("/devices", Role.SUPERVISOR)).json()
    every = (await counter.get("/devices", Role.AUDITOR)).json()

    assert [one["device_id"] for one in listed] == [str(own.device_id)]
    assert [one["device_id"] for one in every] == [str(away.device_id), str(own.device_id)]


async def test_devices_come_page_by_page(counter: Counter) -> None:
    for _ in range(3):
        await added(counter)
    first = await counter.get("/devices", Role.SUPERVISOR, limit=2)
    rest = await counter.client.get(f"/devices{first.links['next']['url']}", headers=counter.signed_in(Role.SUPERVISOR))

    assert [len(first.json()), len(rest.json())] == [2, 1]


async def test_one_device_shows_which_numbers_it_has(counter: Counter) -> None:
    device = await enrolled(counter)
    block = (await device.lease()).json()

    shown = (await counter.get(f"/devices/{device.device_id}", Role.SUPERVISOR)).json()

    assert (shown["blocks"], shown["passes"]) == ([block], [])


async def test_another_offices_device_is_not_there(counter: Counter) -> None:
    device = await enrolled(counter)

    for answer in (
        await counter.get(f"/devices/{device.device_id}", Role.SUPERVISOR, AWAY),
        await revoke(counter, device.device_id, by=AWAY),
    ):
        assert refusal(answer) == (404, "device-not-found")


async def test_nobody_adds_a_device_to_another_office(counter: Counter) -> None:
    body = {"office": AWAY, "label": "ours"}
    answer = await counter.client.post("/devices", json=body, headers=counter.signed_in(Role.SUPERVISOR))

    assert refusal(answer) == (403, "other-office")


async def test_a_device_stands_in_an_office_that_is_there(counter: Counter) -> None:
    body = {"office": "XX99Z", "label": "ours"}
    answer = await counter.client.post("/devices", json=body, headers=counter.signed_in(Role.ADMINISTRATOR))

    assert problems(answer) == [("office", "unknown-office")]


async def test_a_device_that_waits_for_its_key_is_revoked_and_never_enrolled(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    device, code = await waiting(counter)
    assert (await revoke(counter, device.device_id, reason="other")).status_code == 200

    assert refusal(await device.enrol(code)) == REFUSED
    assert await entries(parcel_db, key_ring) == []


async def test_a_revocation_stays_as_it_was(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    device = await enrolled(counter)
    first = await revoke(counter, device.device_id)
    again = await revoke(counter, device.device_id, Role.ADMINISTRATOR, reason="other")

    assert again.json() == first.json()
    assert first.json()["revoked_for"] == "stolen"
    assert [(entry.version, entry.revoked_at is None) for entry in await entries(parcel_db, key_ring)] == [
        (1, True),
        (2, False),
    ]


async def test_without_a_key_ring_no_device_is_enrolled(app: FastAPI, counter: Counter) -> None:
    device, code = await waiting(counter)
    object.__setattr__(app.state.signing, "key_ring", None)

    assert refusal(await device.enrol(code)) == (409, "no-key-ring")

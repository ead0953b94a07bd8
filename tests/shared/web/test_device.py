"""The wall in front of routes for devices: what lets a request pass, and everything that does not."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.access.roles import Role
from shared.clock import now
from shared.db.connection import Database
from shared.releases import RELEASED_ON
from tests.parcel.bodies import AWAY, keyed
from tests.parcel.conftest import app, counter, key_ring, settings, signing_key
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.devices.counter_device import CounterDevice, enrolled, in_minutes, revoke

__all__ = ["app", "counter", "key_ring", "settings", "signing_key"]

REFUSED = (401, "device-proof-refused")


@pytest.fixture
async def device(counter: Counter) -> CounterDevice:
    return await enrolled(counter)


def path_of(device: CounterDevice) -> str:
    return f"/devices/{device.device_id}/number-blocks"


async def send(
    device: CounterDevice, body: dict[str, Any] | None = None, proof: str | None = None, **changed: Any
) -> httpx.Response:
    content = json.dumps({"indicator": "PD", "unused": 0} if body is None else body).encode()
    headers = device.headers("POST", path_of(device), content, **changed) | keyed()
    headers |= {"Content-Type": "application/json"} | ({} if proof is None else {"Device-Proof": proof})
    return await device.client.post(path_of(device), content=content, headers=headers)


async def test_what_a_device_signed_passes(device: CounterDevice) -> None:
    assert (await send(device)).status_code == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"path": "/parcel/devices/0190b5a4-0000-7000-8000-000000000000/number-blocks"},
        {"path": "/tracking/devices"},
        {"body_sha256": "0" * 64},
        {"nonce": "short"},
        {"nonce": None},
        {"at": "yesterday"},
        {"at": now().replace(tzinfo=None).isoformat()},
        {"kind": "pass+jwt"},
        {"key_id": "nobody"},
    ],
    ids=str,
)
async def test_a_proof_of_another_request_is_refused(device: CounterDevice, changed: dict[str, Any]) -> None:
    assert refusal(await send(device, **changed)) == REFUSED


async def test_another_path_than_the_one_signed_is_refused(device: CounterDevice) -> None:
    signed_for = f"/devices/{device.device_id}/bundle"
    answer = await device.client.get(f"{signed_for}?held={'0' * 64}", headers=device.headers("GET", signed_for))

    assert refusal(answer) == REFUSED


async def test_another_body_than_the_one_signed_is_refused(device: CounterDevice) -> None:
    proof = device.proof("POST", path_of(device), json.dumps({"indicator": "PD", "unused": 0}).encode())

    assert refusal(await send(device, {"indicator": "PD", "unused": 1}, proof)) == REFUSED


@pytest.mark.parametrize("proof", ["", "a.b.c", "x" * 3_000, "é"])
async def test_without_a_proof_nothing_passes(device: CounterDevice, proof: str) -> None:
    headers: Any = {"Device-Proof": proof.encode("latin-1")}
    answer = await device.client.get(f"/devices/{device.device_id}/bundle", headers=headers)

    assert refusal(answer) == REFUSED


async def test_a_token_is_no_proof(counter: Counter, device: CounterDevice) -> None:
    headers = counter.signed_in(Role.SUPERVISOR)

    assert refusal(await device.client.get(f"/devices/{device.device_id}/bundle", headers=headers)) == REFUSED


async def test_another_key_is_refused(device: CounterDevice) -> None:
    assert refusal(await send(CounterDevice(device.client, device.device_id))) == REFUSED


async def test_a_device_speaks_for_itself_alone(counter: Counter, device: CounterDevice) -> None:
    other = await enrolled(counter, AWAY)
    path = f"/devices/{device.device_id}/bundle"

    assert refusal(await other.client.get(path, headers=other.headers("GET", path))) == REFUSED


async def test_a_device_that_nobody_enrolled_is_unknown(device: CounterDevice) -> None:
    assert refusal(await send(device, key_id="0190b5a4-0000-7000-8000-000000000000")) == (401, "device-unknown")


async def test_a_proof_is_taken_once(device: CounterDevice) -> None:
    proof = device.proof("POST", path_of(device), json.dumps({"indicator": "PD", "unused": 0}).encode())

    answers = await asyncio.gather(*(send(device, proof=proof) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401, 401]


async def test_what_was_taken_is_forgotten_when_no_proof_can_be_so_old(
    device: CounterDevice, parcel_db: Database
) -> None:
    await send(device)
    async with parcel_db.connection() as connection:
        await connection.execute("update device_nonce set taken_at = taken_at - interval '11 minutes'")
    await send(device)

    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from device_nonce") == 1


@pytest.mark.parametrize("minutes", [-5.5, 5.5, -60 * 24 * 365])
async def test_a_wrong_clock_is_told_the_time(device: CounterDevice, minutes: float) -> None:
    device.clock_off = timedelta(minutes=minutes)
    before = in_minutes(0)
    answer = await send(device)

    assert refusal(answer) == (401, "device-clock-wrong")
    assert before.isoformat() <= answer.json()["service_time"] <= now().isoformat()


@pytest.mark.parametrize("minutes", [-4.5, 4.5])
async def test_a_clock_that_is_a_little_off_passes(device: CounterDevice, minutes: float) -> None:
    device.clock_off = timedelta(minutes=minutes)

    assert (await send(device)).status_code == 201


async def test_a_revoked_device_is_told_so(counter: Counter, device: CounterDevice) -> None:
    assert (await revoke(counter, device.device_id)).status_code == 200

    assert refusal(await send(device)) == (403, "device-revoked")


@pytest.mark.parametrize(("days", "status"), [(90, 201), (91, 409), (-30, 201)])
async def test_releases_of_ninety_days_may_send(device: CounterDevice, days: int, status: int) -> None:
    device.release = str(RELEASED_ON - timedelta(days=days))
    answer = await send(device)

    assert answer.status_code == status
    if status == 409:
        assert refusal(answer)[1] == "release-too-old"
        assert str(RELEASED_ON - timedelta(days=90)) in answer.json()["detail"]


@pytest.mark.parametrize("release", ["", "1.0", "2026-13-01"])
async def test_a_device_that_does_not_say_its_release_is_refused_by_field(device: CounterDevice, release: str) -> None:
    device.release = release

    assert problems(await send(device)) == [("device-release", "not-a-day")]

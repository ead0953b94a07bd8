"""The examples of tracking's description are requests that succeed."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from onebox.counter.asking import signed_headers
from onebox.counter.device import Device
from onebox.counter.store import Store
from services.tracking.entrypoints import http, record_kinds
from shared.access import directory
from shared.access.roles import Role
from shared.access.tokens import SigningKey
from shared.contracts.directory import DeviceV1, SigningKeyV1
from shared.db.connection import Database
from shared.syncing.forms import EXAMPLE, EXAMPLE_DEVICE
from shared.web import records
from tests.contracts.examples import described, parameters
from tests.tracking.entrypoints.conftest import SignIn, office_called

RECORDS = "/devices/{device_id}/records"
SEEDS = (
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
)
DAY = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""When the scans of the examples arrive: a year later they would be too old."""


@pytest.fixture(autouse=True)
async def _ground(app: FastAPI, tracking_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (http, record_kinds, records):
        monkeypatch.setattr(module, "now", lambda: DAY)
    async with tracking_db.transaction() as tx:
        await directory.keep(tx, [office_called("PPOE", "ភ្នំពេញ", "Phnom Penh office of exchange")])
    await app.state.service.directory.refresh(tracking_db)


async def test_each_example_succeeds_as_it_stands(app: FastAPI, api: httpx.AsyncClient, sign_in: SignIn) -> None:
    headers = await sign_in(Role.CLERK, "PPOE")
    results = []
    for method, path, example in described(app):
        if path != RECORDS:
            answer = await api.request(method, path, json=example, headers=headers)
            assert answer.is_success, (method, path, answer.text)
            results += answer.json().get("results", [answer.json()])
    assert [result["errors"] for result in results if result["result"] != "recorded"] == []
    assert len(results) == 3

    for _, path, shown, _ in parameters(app):
        if shown and path != RECORDS:
            answer = await api.get(path.format(**shown))
            assert (answer.status_code, answer.json()["state"]) == (200, "in_transit"), path


async def test_the_example_of_records_is_applied_as_it_stands(
    app: FastAPI, api: httpx.AsyncClient, tracking_db: Database, tmp_path: Path, sign_in: SignIn
) -> None:
    # The keys of the first two tests of RFC 8032.
    device_key, key = (Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)) for seed in SEEDS)
    public = SigningKey(key.public_key().public_bytes_raw().hex()[:16], key)
    device = Device(UUID(EXAMPLE_DEVICE), "PPOE", device_key, Store(tmp_path / "counter.sqlite", bytes(32)))
    entries = [
        SigningKeyV1(key_id=public.key_id, public_key_pem=public.public_pem, version=1),
        DeviceV1(device_id=device.device_id, office="PPOE", public_key=device.public_key, enrolled_at=DAY, version=1),
    ]
    async with tracking_db.transaction() as tx:
        await directory.keep(tx, entries)
    await app.state.service.directory.refresh(tracking_db)
    path, body = RECORDS.format(device_id=EXAMPLE_DEVICE), orjson.dumps(EXAMPLE)

    answer = await api.post(path, content=body, headers=signed_headers(device, "tracking", "POST", path, body))
    listed = await api.get(path, headers=await sign_in(Role.SUPERVISOR, "PPOE"))
    device.store.close()

    assert [one["outcome"] for one in answer.json()["records"]] == ["applied", "applied"]
    assert [one["result"]["state"] for one in answer.json()["records"]] == ["delivered", "delivered"]
    assert [one["flags"] for one in listed.json()["records"]] == [[], []]

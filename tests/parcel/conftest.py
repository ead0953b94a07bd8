"""The parcel application on a real database, without its background work, and a counter that talks to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.main import build
from services.parcel.numbers.store import numbers
from services.parcel.settings import ParcelSettings
from shared.access import directory
from shared.access.tokens import SigningKey, new_signing_key_pem
from shared.db.connection import Database
from shared.sealing import KeyRing, new_ring_file
from shared.web.service import assemble
from tests.access.signed_in import directory_entries
from tests.contracts.declared import must_be_declared_by
from tests.parcel.counter import Counter

INDICATORS = ("PD", "CP", "EE", "LX", "RR")


@pytest.fixture
def signing_key(tmp_path: Path) -> SigningKey:
    (tmp_path / "signing-key.pem").write_bytes(new_signing_key_pem())
    return SigningKey.read((tmp_path / "signing-key.pem").read_bytes())


@pytest.fixture
def key_ring(tmp_path: Path) -> KeyRing:
    (tmp_path / "key-ring.json").write_text(new_ring_file())
    return KeyRing.read(tmp_path / "key-ring.json")


@pytest.fixture
def settings(tmp_path: Path, signing_key: SigningKey, key_ring: KeyRing) -> ParcelSettings:
    return ParcelSettings.model_validate(
        {
            "database_url": "postgresql://nobody@127.0.0.1:1/none",
            "signing_key_file": tmp_path / "signing-key.pem",
            "key_ring_file": tmp_path / "key-ring.json",
            "khqr_account": "ctc_post@bank",
        }
    )


@pytest.fixture
async def app(parcel_db: Database, settings: ParcelSettings, signing_key: SigningKey) -> AsyncIterator[FastAPI]:
    async with parcel_db.transaction() as tx:
        await directory.keep(tx, list(directory_entries(signing_key)))
        for indicator in INDICATORS:
            await numbers.grant(tx, indicator, 10_000_000, 19_999_999, provisional=True)
    app = build(settings)
    service = app.state.service = assemble(app.state.plan, parcel_db, parcel_db)
    await service.directory.refresh(parcel_db)
    async with app.state.plan.beside(app, service):
        yield app


@pytest.fixture
async def counter(app: FastAPI, signing_key: SigningKey) -> AsyncIterator[Counter]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://post.example",
        event_hooks={"response": [must_be_declared_by("parcel")]},
    ) as client:
        yield Counter(client, signing_key)

"""The tracking application on a real database, without its background work, and people who are signed in to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from services.tracking.main import build
from services.tracking.settings import TrackingSettings
from shared.access import directory
from shared.access.roles import Role
from shared.access.tokens import SigningKey, issue, new_signing_key_pem
from shared.clock import now
from shared.contracts.directory import ActorV1, OfficeV1, SigningKeyV1
from shared.db.connection import Database
from shared.web.service import Service, assemble
from tests.contracts.declared import must_be_declared_by
from tests.support.counters import Counter, Enrol

SignIn = Callable[..., Awaitable[dict[str, str]]]
OFFICES = (("TK01", "បាទី", "Bati"), ("TK02", "ទ្រាំង", "Treang"))


@pytest.fixture
async def app(tracking_db: Database) -> FastAPI:
    app = build(TrackingSettings.model_validate({"database_url": "postgresql://nobody@localhost/none"}))
    app.state.service = assemble(app.state.plan, tracking_db, tracking_db)
    async with tracking_db.transaction() as tx:
        offices = [office_called(*office) for office in OFFICES]
        await directory.keep(tx, offices)
    await app.state.service.directory.refresh(tracking_db)
    return app


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://post.example",
        event_hooks={"response": [must_be_declared_by("tracking")]},
    ) as client:
        yield client


@pytest.fixture
async def sign_in(app: FastAPI, tracking_db: Database) -> SignIn:
    service: Service = app.state.service
    key = SigningKey.read(new_signing_key_pem())

    async def sign_in(role: Role, office: str | None = "TK01") -> dict[str, str]:
        actor = ActorV1(actor=f"{role}-{office}", role=role, office=office, disabled=False, version=1)
        async with tracking_db.transaction() as tx:
            signing_key = SigningKeyV1(key_id=key.key_id, public_key_pem=key.public_pem, version=1)
            await directory.keep(tx, [actor, signing_key])
        await service.directory.refresh(tracking_db)
        return {"Authorization": f"Bearer {issue(key, actor.actor, now())[0]}"}

    return sign_in


@pytest.fixture
async def enrol(app: FastAPI, api: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[Enrol]:
    made: list[Counter] = []

    async def enrol(office: str = "TK01") -> Counter:
        made.append(
            await Counter.enrol(app.state.service, api, tmp_path, office, made[0].signing_key if made else None)
        )
        return made[-1]

    yield enrol
    for counter in made:
        counter.device.store.close()


@pytest.fixture
async def counter(enrol: Enrol) -> Counter:
    return await enrol()


def office_called(code: str, name_km: str, name_en: str) -> OfficeV1:
    """Return an office for the directory."""
    return OfficeV1(
        office=code,
        name_km=name_km,
        name_en=name_en,
        office_kind="ctc",
        district_code="2102",
        sample=True,
        version=1,
    )

"""The examples of tracking's description are requests that succeed."""

from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from services.tracking.entrypoints import http
from shared.access import directory
from shared.access.roles import Role
from shared.db.connection import Database
from tests.contracts.examples import described, parameters
from tests.tracking.entrypoints.conftest import SignIn, office_called

DAY = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""When the scans of the examples arrive: a year later they would be too old."""


@pytest.fixture(autouse=True)
async def _ground(app: FastAPI, tracking_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "now", lambda: DAY)
    async with tracking_db.transaction() as tx:
        await directory.keep(tx, [office_called("PPOE", "ភ្នំពេញ", "Phnom Penh office of exchange")])
    await app.state.service.directory.refresh(tracking_db)


async def test_each_example_succeeds_as_it_stands(app: FastAPI, api: httpx.AsyncClient, sign_in: SignIn) -> None:
    headers = await sign_in(Role.CLERK, "PPOE")
    results = []
    for method, path, example in described(app):
        answer = await api.request(method, path, json=example, headers=headers)
        assert answer.is_success, (method, path, answer.text)
        results += answer.json().get("results", [answer.json()])
    assert [result["errors"] for result in results if result["result"] != "recorded"] == []
    assert len(results) == 3

    for _, path, shown, _ in parameters(app):
        if shown:
            answer = await api.get(path.format(**shown))
            assert (answer.status_code, answer.json()["state"]) == (200, "in_transit"), path

"""What the parcel service does beside its requests."""

import threading
from datetime import timedelta

import pytest
from fastapi import FastAPI

from services.parcel import running
from services.parcel.people.store import traders
from services.parcel.pricing.store import void_requests
from shared.db.connection import Database
from tests.access.running_post import shop
from tests.parcel.bodies import HOME
from tests.parcel.pricing.store.test_void_requests import granted, request
from tests.support.waiting import until_true


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """In which threads places were looked for."""
    threads: list[threading.Thread] = []
    monkeypatch.setattr(running, "find_places", lambda _text, _limit: threads.append(threading.current_thread()))
    return threads


async def test_places_are_read_at_the_start_beside_the_event_loop(
    searched: list[threading.Thread], app: FastAPI
) -> None:
    await until_true(lambda: searched)
    assert searched != [threading.main_thread()]


async def test_the_erasing_job_forgets_shops_and_reasons_by_the_one_setting(app: FastAPI, parcel_db: Database) -> None:
    asked = request()
    async with parcel_db.transaction() as tx:
        await traders.add(tx, shop(HOME))
        await tx.execute("update trader set disabled_at = now() - interval '2 days'")
        await void_requests.add(tx, asked)
        await void_requests.decide(tx, granted(asked))

    assert [await running._erase(app.state.service, timedelta(days=1)) for _ in range(2)] == [True, False]

    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select shop_name from trader") == ""
        assert await connection.fetchval("select reason from void_request") == ""

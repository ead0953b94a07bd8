"""A leader that says nothing to the server loses the lead; one that waits for the broker says something meanwhile."""

import asyncio

import pytest

from onebox.postgres.databases import ServiceDatabase
from shared.db.connection import Database
from shared.messaging import relay as relays
from tests.shared.messaging.notes import figure, notes_on
from tests.shared.messaging.relaying import UNSENT, relay_of, relaying, tell, until_sent
from tests.support.waiting import until_true


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "SETTINGS", {**relays.SETTINGS, "idle_session_timeout": "600ms"})
    monkeypatch.setattr(relays, "STANDBY_REST_S", 0.2)
    monkeypatch.setattr(relays, "SAYS_SOMETHING_EVERY_S", 0.2)


async def test_one_that_stands_still_leaves_the_lead_to_another(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = relay_of(lent, kafka_bootstrap), relay_of(lent, kafka_bootstrap)
    goes_on = asyncio.Event()

    async def stand_still(_rest_s: float) -> None:
        await goes_on.wait()

    monkeypatch.setattr(first, "_rest", stand_still)
    async with relaying(first):
        await until_true(lambda: first.leads)
        async with relaying(second):
            await until_true(lambda: second.leads)
            await tell(database, [notes_on(topic)(item="A", number=1)])
            await until_sent(database)
            goes_on.set()
            await until_true(lambda: not first.leads)


async def test_one_that_waits_for_the_broker_keeps_the_lead(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = relay_of(lent, kafka_bootstrap), relay_of(lent, kafka_bootstrap)
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    async def submit(_producer: object, _batch: object) -> "asyncio.Future[object]":
        return answer

    monkeypatch.setattr(first, "_submit", submit)
    async with relaying(first):
        await until_true(lambda: first.leads)
        async with relaying(second):
            await tell(database, [notes_on(topic)(item="A", number=1)])
            await asyncio.sleep(2)
            assert (first.leads, second.leads) == (True, False)
            assert await figure(database, UNSENT) == 1
            answer.set_result("there")
            await until_sent(database)
            assert first.leads

"""Health: living, able to answer, and what works less well; measures for those who watch."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from onebox.postgres.databases import ServiceDatabase
from shared.contracts.envelope import Event
from shared.db.connection import Database, Tx
from shared.messaging import broker
from shared.messaging.consume import Handler
from shared.messaging.relay import LOCK
from shared.web import health
from tests.shared.messaging.kafka import write
from tests.shared.messaging.notes import Note, notes_on, record
from tests.shared.web.service_under_test import NOWHERE, application, started
from tests.shared.written import Read
from tests.support.waiting import until, until_true

pytestmark = pytest.mark.usefixtures("written")


async def ready(client: httpx.AsyncClient) -> tuple[int, dict[str, object]]:
    answer = await client.get("/health/ready")
    return answer.status_code, answer.json()


async def until_ready_with(client: httpx.AsyncClient, degraded: Sequence[str]) -> None:
    async def as_expected() -> bool:
        return (await ready(client))[1].get("degraded") == list(degraded)

    await until(as_expected)


async def test_a_service_without_database_lives_and_is_not_ready(written: Read) -> None:
    async with started(application()) as client:
        assert (await client.get("/health/live")).status_code == 200
        status, body = await ready(client)
        assert (status, body) == (503, {"status": "unavailable", "why": "the database does not answer"})
        assert (await client.get("/health/ready")).headers["retry-after"] == "2"
        assert (await client.get("/metrics")).status_code == 200


async def test_a_service_without_broker_is_ready_and_says_what_it_does_not_do(lent: ServiceDatabase) -> None:
    async with started(application(database_url=lent.service_url, kafka=NOWHERE)) as client:
        assert await ready(client) == (200, {"status": "ready", "degraded": ["broker: events are not read"]})
        assert (await client.get("/health/live")).status_code == 200


async def test_a_service_whose_background_work_ended_does_not_count_as_living(written: Read) -> None:
    app = application()
    async with started(app) as client:
        background = app.state.service.background
        background.cancel()
        await asyncio.wait([background], timeout=5)
        answer = await client.get("/health/live")
    assert (answer.status_code, answer.json()) == (503, {"status": "stopped"})


async def test_a_schema_that_is_missing_is_named(lent: ServiceDatabase, tmp_path: Path) -> None:
    (tmp_path / "0999_future.sql").write_text("select 1")
    app = application(database_url=lent.service_url, migrations=tmp_path)
    async with started(app) as client:
        status, body = await ready(client)
    assert status == 503
    assert body["why"] == "the database lacks 0999_future.sql: run the migration step first"


async def test_a_service_with_everything_is_ready_and_nothing_is_degraded(
    lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = notes_on(topic)
    app = listening(lent, kafka_bootstrap, told)
    async with started(app) as client:
        await until_true(lambda: app.state.service.relay.leads)
        await until_ready_with(client, [])
        monkeypatch.setattr(broker, "SILENT_AFTER_S", -1.0)
        await until_ready_with(client, ["broker: events are not read"])


async def test_a_database_that_went_away_and_came_back_is_noticed(
    lent: ServiceDatabase, admin: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "READY_WITHIN_S", 0.5)
    async with started(application(database_url=lent.service_url)) as client:
        assert (await ready(client))[0] == 200
        await admin.execute(f"alter database {lent.name} allow_connections false")
        await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", lent.name)
        assert (await ready(client))[0] == 503
        assert (await client.get("/health/live")).status_code == 200
        await admin.execute(f"alter database {lent.name} allow_connections true")

        async def is_back() -> bool:
            return (await ready(client))[0] == 200

        await until(is_back)


async def test_readiness_is_answered_in_time_though_every_connection_is_busy(
    lent: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "READY_WITHIN_S", 0.1)
    app = application(database_url=lent.service_url, database_pool_size=1)
    async with started(app) as client, app.state.service.database.connection():
        assert (await asyncio.wait_for(ready(client), 2))[0] == 503


async def test_events_that_wait_long_for_the_relay_are_said_to_wait(
    lent: ServiceDatabase, database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload, created_at)"
        " values (gen_random_uuid(), 't', 'k', 'y', now(), '', '', '', now() - interval '31 seconds')"
    )
    async with started(application(database_url=lent.service_url, kafka=NOWHERE)) as client:
        await until_ready_with(client, ["broker: events are not read", "relay: events wait in the outbox"])


async def test_a_reader_that_stands_still_does_not_count_as_living(
    lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = asyncio.Event()
    told = notes_on(topic)

    async def hang(_tx: Tx, _notes: Sequence[Note]) -> None:
        inside.set()
        await asyncio.Event().wait()

    app = listening(lent, kafka_bootstrap, told, hang)
    async with started(app) as client:
        app.state.service.subscription._broker.config.broker_config.graceful_timeout = 0.01
        await write(kafka_bootstrap, [record(told(item="A", number=1))])
        await asyncio.wait_for(inside.wait(), 15)
        await until_true(lambda: app.state.service.relay.leads)
        assert (await client.get("/health/live")).json() == {"status": "live"}
        monkeypatch.setattr(broker, "STUCK_AFTER_S", 0.0)
        answer = await client.get("/health/live")
        assert (answer.status_code, answer.json()) == (503, {"status": "stuck"})


async def test_the_metrics_page_shows_lag_outbox_and_dead_letters(
    lent: ServiceDatabase, kafka_bootstrap: str, topic: str, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        "insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload, created_at)"
        " values (gen_random_uuid(), 't', 'k', 'y', now(), '', '', '', now() - interval '31 seconds')"
    )
    # Another relay leads, so that the row stays where it is.
    await owner.execute("select pg_advisory_lock($1)", LOCK)
    async with started(listening(lent, kafka_bootstrap, notes_on(topic))) as client:

        async def page() -> str:
            return (await client.get("/metrics")).text

        async def measured() -> bool:
            return "ctcpost_outbox_unsent_rows 1.0" in await page()

        await until(measured)
        text = await page()
    assert f'ctcpost_consumer_lag_records{{topic="{topic}"}} 0.0' in text
    assert "ctcpost_outbox_oldest_unsent_seconds 3" in text
    assert "ctcpost_dead_letters_open 0.0" in text
    assert "ctcpost_relay_leads" in text


async def _ignore(_tx: Tx, _notes: Sequence[Note]) -> None:
    return


def listening(lent: ServiceDatabase, kafka: str, told: type[Event], handler: Handler = _ignore) -> FastAPI:
    """A service that reads one topic of its own, and no directory."""
    return application(
        database_url=lent.service_url,
        kafka=kafka,
        handlers=lambda _service: {told: handler},
        name=told.topic,
        copies_directory=False,
    )

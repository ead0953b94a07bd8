"""One relay a database leads; another takes over when the leader's connection goes."""

import asyncio
from collections import defaultdict

import asyncpg
import pytest

from onebox.postgres.databases import ServiceDatabase
from shared.db.connection import Database
from shared.messaging.relay import LOCK, Relay
from tests.shared.messaging.kafka import read, texts
from tests.shared.messaging.notes import figure, notes_on
from tests.shared.messaging.relaying import UNSENT, complaints, relay_of, relaying, tell, until_sent
from tests.support.waiting import beside, until, until_true

HOLDERS = "select pid from pg_locks where locktype = 'advisory' and granted and objid = $1 and database = $2"


async def leader_pids(admin: asyncpg.Connection, lent: ServiceDatabase) -> list[int]:
    database = await admin.fetchval("select oid from pg_database where datname = $1", lent.name)
    return [row["pid"] for row in await admin.fetch(HOLDERS, LOCK, database)]


async def _until_led(admin: asyncpg.Connection, lent: ServiceDatabase) -> list[int]:
    async def is_led() -> list[int]:
        return await leader_pids(admin, lent)

    await until(is_led)
    return await leader_pids(admin, lent)


async def test_of_two_relays_one_leads_and_the_other_takes_over_when_its_connection_is_killed(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, admin: asyncpg.Connection
) -> None:
    told = notes_on(topic)
    events = [told(item=f"item {place % 5}", number=place) for place in range(1, 601)]
    first, second = relay_of(lent, kafka_bootstrap), relay_of(lent, kafka_bootstrap)
    async with complaints() as heard, relaying(first):
        await until_true(lambda: first.leads)
        async with relaying(second):
            await tell(database, events[:300])
            await until_sent(database)
            assert (first.leads, second.leads) == (True, False)
            [pid] = await leader_pids(admin, lent)
            await tell(database, events[300:])
            await admin.execute("select pg_terminate_backend($1)", pid)
            await until_true(lambda: not first.leads)
            await until_sent(database)
            await until_true(lambda: first.leads != second.leads)
            assert len(await leader_pids(admin, lent)) == 1
    assert heard == []
    order: dict[bytes | None, list[str]] = defaultdict(list)
    for one in await read(kafka_bootstrap, topic, len(events)):
        event_id = texts(one)["id"]
        if event_id not in order[one.key]:
            order[one.key].append(event_id)
    assert order == {f"item {n}".encode(): [str(e.event_id) for e in events if e.item == f"item {n}"] for n in range(5)}


async def test_the_one_that_waits_leads_when_the_leader_stops(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str
) -> None:
    first, second = relay_of(lent, kafka_bootstrap), relay_of(lent, kafka_bootstrap)
    async with beside(first.run()) as leading:
        await until_true(lambda: first.leads)
        async with relaying(second):
            assert (_leads(first), _leads(second)) == (1, 0)
            leading.cancel()
            await until_true(lambda: second.leads)
            assert (_leads(first), _leads(second)) == (0, 1)
            await tell(database, [notes_on(topic)(item="A", number=1)])
            await until_sent(database)


async def test_a_leader_leaves_a_server_that_takes_no_writes_any_more(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, admin: asyncpg.Connection
) -> None:
    async def has_left() -> bool:
        return pid not in await leader_pids(admin, lent)

    await figure(database, "select 1")
    await admin.execute(f"alter role {lent.service} set default_transaction_read_only = on")
    async with relaying(relay_of(lent, kafka_bootstrap)) as relay:
        [pid] = await _until_led(admin, lent)
        await until(has_left)
        await admin.execute(f"alter role {lent.service} reset default_transaction_read_only")
        await until_true(lambda: relay.leads)
        await tell(database, [notes_on(topic)(item="A", number=1)])
        await until_sent(database)


async def test_a_leader_killed_again_and_again_loses_nothing(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, admin: asyncpg.Connection
) -> None:
    told = notes_on(topic)
    async with relaying(relay_of(lent, kafka_bootstrap)):
        for kill in range(4):
            await tell(database, [told(item="A", number=kill * 400 + place) for place in range(1, 401)])

            async def some_are_sent(more_than: int = kill * 400) -> bool:
                return await figure(database, "select count(*) from outbox where sent_at is not null") >= more_than

            await until(some_are_sent)
            for pid in await leader_pids(admin, lent):
                await admin.execute("select pg_terminate_backend($1)", pid)
        await until_sent(database)
    ids = {texts(one)["id"] for one in await read(kafka_bootstrap, topic, 1600)}
    assert len(ids) == 1600


def _leads(relay: Relay) -> float | None:
    return relay._measures.registry.get_sample_value("ctcpost_relay_leads")


async def test_what_was_sent_before_a_stop_is_marked(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = relay_of(lent, kafka_bootstrap)
    answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    handed_over = asyncio.Event()

    async def submit(_producer: object, _batch: object) -> "asyncio.Future[object]":
        handed_over.set()
        return answer

    monkeypatch.setattr(relay, "_submit", submit)
    await tell(database, [notes_on(topic)(item="A", number=1)])
    running = asyncio.create_task(relay.run())
    await asyncio.wait_for(handed_over.wait(), 10)

    running.cancel()
    await asyncio.sleep(0)
    answer.set_result("there")
    await asyncio.wait([running])

    assert running.cancelled()
    assert await figure(database, UNSENT) == 0

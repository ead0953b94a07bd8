"""The relay on a real broker: everything goes out, in order for each key, marked when it is acknowledged."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
import pytest
from aiokafka.errors import KafkaError

from onebox.postgres.databases import ServiceDatabase
from shared.clock import now
from shared.contracts.envelope import Event
from shared.contracts.topics import Topic
from shared.db.connection import Database
from shared.messaging import outbox
from shared.messaging import relay as module
from shared.messaging.batches import Batch
from shared.messaging.broker import connect
from shared.messaging.decode import Arrived, Decoder
from shared.messaging.outbox import Outbox
from shared.messaging.topics import create_topics
from tests.shared.messaging.kafka import read, texts
from tests.shared.messaging.notes import RING, TRACE, figure, notes_on, secrets_on
from tests.shared.messaging.relaying import UNSENT, complaints, relay_of, relaying, tell, until_sent
from tests.support.waiting import until, until_true


async def test_everything_is_sent_and_marked_in_the_order_of_each_key(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str
) -> None:
    told = notes_on(topic)
    events = [told(item=f"item {place % 17}", number=place) for place in range(1, 1201)]
    relay = relay_of(lent, kafka_bootstrap)
    async with relaying(relay):
        for start in range(0, 1200, 150):
            await tell(database, events[start : start + 150])
        await until_sent(database)
    records = await read(kafka_bootstrap, topic, len(events))
    assert len(records) == len(events)
    sent: dict[bytes, list[str]] = defaultdict(list)
    for one in records:
        assert one.key is not None
        sent[one.key].append(texts(one)["id"])
    expected: dict[bytes, list[str]] = defaultdict(list)
    for event in events:
        expected[event.key.encode()].append(str(event.event_id))
    assert sent == expected
    assert {one.partition for one in records} == {0, 1, 2}
    assert relay._measures.registry.get_sample_value("ctcpost_events_sent_total", {"topic": topic}) == len(events)


@pytest.mark.parametrize(
    ("found", "told_of", "apart_s", "looks"),
    [(1, 1, 0.6, 1), (1, module.FEW, 0.6, 2), (1, module.FEW, 0.05, 1), (20, module.FEW, 0.6, 1)],
)
async def test_behind_a_look_that_found_rows_the_next_gather_and_few_or_behind_many_longer(
    database: Database,
    lent: ServiceDatabase,
    kafka_bootstrap: str,
    topic: str,
    monkeypatch: pytest.MonkeyPatch,
    found: int,
    told_of: int,
    apart_s: float,
    looks: int,
) -> None:
    monkeypatch.setattr(module, "GATHER_S", 0.3)
    monkeypatch.setattr(module, "GATHER_LONGER_S", 1.0)
    monkeypatch.setattr(module, "GATHER_MANY_S", 1.3)
    monkeypatch.setattr(module, "MANY_PER_S", 30)
    told, box = notes_on(topic), Outbox("tracking")
    async with relaying(relay_of(lent, kafka_bootstrap, box)) as relay:
        await until_true(lambda: relay.leads)
        await tell(database, [told(item="A", number=number) for number in range(found)], box)
        await until_sent(database)
        await tell(database, [told(item="B", number=number) for number in range(told_of)], box)
        await asyncio.sleep(apart_s)
        await tell(database, [told(item="B", number=100)], box)
        await until_sent(database)

    assert await figure(database, "select count(distinct sent_at) from outbox where key = 'B'") == looks


async def test_what_is_sent_carries_its_headers_and_can_be_read(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str
) -> None:
    box, plain, sealed = Outbox("tracking", RING), notes_on(topic), secrets_on(topic)
    events = [plain(item="A", number=1, text="ភូមិ"), sealed(item="A", number=2)]
    async with database.transaction() as tx:
        await box.append(tx, events)
        await tx.execute("update outbox set traceparent = $1", TRACE)
    async with relaying(relay_of(lent, kafka_bootstrap, box)):
        await until_sent(database)
    records = await read(kafka_bootstrap, topic, 2)
    for event, one in zip(events, records, strict=True):
        headers = texts(one)
        read_back = Decoder([plain, sealed], RING).read(one)
        assert isinstance(read_back, Arrived)
        assert read_back.event == event
        assert one.key == b"A"
        assert {name: headers[name] for name in ("type", "id", "source", "traceparent")} == {
            "type": event.type,
            "id": str(event.event_id),
            "source": "tracking",
            "traceparent": TRACE,
        }
        assert datetime.fromisoformat(headers["time"]) == event.time
        assert len(headers["checksum"]) == 32
        assert headers["content-type"] == ""


async def test_a_row_that_commits_late_with_a_lower_id_is_still_sent(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str
) -> None:
    told, late = notes_on(topic), asyncpg.connect(lent.service_url)
    connection = await late
    try:
        async with relaying(relay_of(lent, kafka_bootstrap)):
            transaction = connection.transaction()
            await transaction.start()
            await Outbox("tracking").append(connection, [told(item="late", number=1)])
            for number in range(2, 1004, 501):
                await tell(database, [told(item="early", number=number + place) for place in range(501)])
            await until_sent(database)
            await transaction.commit()
            await until_sent(database)
    finally:
        await connection.close()
    numbers = await figure(database, "select min(id) from outbox where key = 'late'")
    assert numbers < await figure(database, "select min(id) from outbox where key = 'early'")
    records = await read(kafka_bootstrap, topic, 1003)
    assert len(records) == 1003
    assert [one.key for one in records].count(b"late") == 1


@asynccontextmanager
async def uncommitted(lent: ServiceDatabase, event: Event) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Tell an event under an id that is given now; it is there once the commit that is lent was called."""
    connection = await asyncpg.connect(lent.service_url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await Outbox("tracking").append(connection, [event])
        yield transaction.commit
    finally:
        await connection.close()


async def test_a_late_row_is_sent_without_a_look_from_the_start(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SWEEP_EVERY_S", 3600.0)
    monkeypatch.setattr(module, "BATCH", 1)
    told = notes_on(topic)
    async with uncommitted(lent, told(item="late", number=1)) as commit:
        await tell(database, [told(item="early", number=2) for _ in range(500)])
        async with relaying(relay_of(lent, kafka_bootstrap)):
            await until_sent(database, left=450, at_most=True)
            await commit()
            assert await figure(database, UNSENT) > 1
            await until_sent(database)


async def test_a_late_row_is_sent_while_there_is_always_more(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SWEEP_EVERY_S", 3600.0)
    monkeypatch.setattr(module, "BATCH", 1)
    told = notes_on(topic)
    async with uncommitted(lent, told(item="late", number=1)) as commit:
        await tell(database, [told(item="early", number=2) for _ in range(3000)])
        async with relaying(relay_of(lent, kafka_bootstrap)):
            await until_sent(database, left=2990, at_most=True)
            await commit()

            async def late_is_sent() -> bool:
                return await figure(database, f"{UNSENT} and key = 'late'") == 0

            await until(late_is_sent)
            assert await figure(database, UNSENT) > 0


async def test_a_range_made_unsent_is_sent_again_with_the_same_ids(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, owner: asyncpg.Connection
) -> None:
    told = notes_on(topic)
    async with relaying(relay_of(lent, kafka_bootstrap)):
        await tell(database, [told(item="A", number=number) for number in range(1, 11)])
        await until_sent(database)
        async with database.transaction() as tx:
            told_at = await tx.fetchval("select min(created_at) from outbox")
            assert await outbox.make_unsent(tx, told_at, now(), [topic]) == 10
        await until_sent(database)
    ids = [texts(one)["id"] for one in await read(kafka_bootstrap, topic, 20)]
    assert ids[:10] == ids[10:]


async def test_rows_of_a_day_without_a_partition_are_sent(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, owner: asyncpg.Connection
) -> None:
    day = await owner.fetchval("select to_char(now() at time zone 'utc', 'YYYYMMDD')")
    await owner.execute(f"drop table outbox_{day}")
    await tell(database, [notes_on(topic)(item="A", number=1)])
    assert await figure(database, "select count(*) from outbox_other") == 1
    async with relaying(relay_of(lent, kafka_bootstrap)):
        await until_sent(database)
    assert len(await read(kafka_bootstrap, topic, 1)) == 1


async def test_a_failing_row_prevents_neither_the_sending_nor_the_marking_of_the_others(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.broker.REQUEST_WITHIN_MS", 1000)
    told, nowhere = notes_on(topic), notes_on(f"{topic}.missing")
    await tell(
        database,
        [
            told(item="A", number=1),
            nowhere(item="lost", number=2),
            nowhere(item="lost", number=3),
            told(item="A", number=4),
        ],
    )
    async with complaints() as heard:
        async with relaying(relay_of(lent, kafka_bootstrap)) as relay:
            await until_sent(database, left=2)
            assert [one.key for one in await read(kafka_bootstrap, topic, 2)] == [b"A", b"A"]
            await create_topics(kafka_bootstrap, topics=[Topic(f"{topic}.missing", partitions=1)])
            await until_sent(database)
        assert relay.leads is False
    lost = await read(kafka_bootstrap, f"{topic}.missing", 2)
    assert [one.offset for one in lost] == [0, 1]
    assert len(await read(kafka_bootstrap, topic, 2)) == 2
    assert heard == []


async def test_a_row_that_the_broker_refuses_does_not_hold_back_the_marking_of_the_others(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str
) -> None:
    small = Topic(f"{topic}.small", {"max.message.bytes": "2000"}, partitions=1)
    await create_topics(kafka_bootstrap, topics=[small])
    told, narrow = notes_on(topic), notes_on(small.name)
    await tell(database, [narrow(item="large", number=1, text="x" * 5000), told(item="A", number=2)])
    connection = await asyncpg.connect(lent.service_url)
    broker = connect(kafka_bootstrap, "tests")
    await broker.connect()
    try:
        with pytest.raises(KafkaError):
            await relay_of(lent, kafka_bootstrap).send(connection, broker, await outbox.unsent(connection, 0, 10))
        assert [row.row.key for row in await outbox.unsent(connection, 0, 10)] == ["large"]
    finally:
        await broker.stop()
        await connection.close()


async def test_what_is_not_acknowledged_in_time_stays_unsent_and_the_rest_is_marked(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SEND_WITHIN_S", 0.3)
    relay = relay_of(lent, kafka_bootstrap)
    told = notes_on(topic)
    await tell(database, [told(item="slow", number=1), told(item="A", number=2)])
    connection = await asyncpg.connect(lent.service_url)
    rows = await outbox.unsent(connection, 0, 10)
    answers = {"slow": asyncio.get_running_loop().create_future(), "A": asyncio.get_running_loop().create_future()}
    answers["A"].set_result("there")

    async def submit(_producer: object, batch: Batch) -> "asyncio.Future[object]":
        return answers[batch.rows[0].row.key]

    monkeypatch.setattr(relay, "_submit", submit)
    broker = connect(kafka_bootstrap, "tests")
    await broker.connect()
    try:
        with pytest.raises(TimeoutError):
            await relay.send(connection, broker, rows)
        assert [row.row.key for row in await outbox.unsent(connection, 0, 10)] == ["slow"]
    finally:
        await broker.stop()
        await connection.close()


async def test_a_row_is_on_its_way_soon_after_its_commit_though_it_was_told_of_before(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_REST_S", 60.0)
    box = Outbox("tracking")
    async with relaying(relay_of(lent, kafka_bootstrap, box)) as relay:
        await until_true(lambda: relay.leads)
        await asyncio.sleep(1.5)  # by now it rests as long again between its looks
        async with database.transaction() as tx:
            await box.append(tx, [notes_on(topic)(item="A", number=1)])
            await asyncio.sleep(0.05)
        async with asyncio.timeout(0.6):
            await until_sent(database)
    assert await figure(database, UNSENT) == 0

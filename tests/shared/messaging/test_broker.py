"""A seat in a consumer group on a real broker: at least once, whatever a record holds and whoever dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import structlog
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from faststream.kafka.message import KafkaAckableMessage
from faststream.message import AckStatus
from prometheus_client import CollectorRegistry

from shared.contracts.topics import Topic
from shared.db.connection import Database, DatabaseUnavailable, Tx
from shared.messaging import broker as module
from shared.messaging import consume
from shared.messaging.broker import Subscription, connect
from shared.messaging.consume import Consumer
from shared.messaging.decode import Record
from shared.messaging.measures import Measures
from shared.messaging.topics import create_topics
from tests.shared.messaging.consuming import Picky, consumer_of, letters
from tests.shared.messaging.kafka import committed, write
from tests.shared.messaging.notes import Note, Sent, effects, figure, notes_on, record, write_down
from tests.shared.messaging.relaying import complaints
from tests.support.waiting import beside, until, until_true

Lines = list[structlog.typing.EventDict]


def seat_of(bootstrap: str, consumer: Consumer) -> Subscription:
    return Subscription(connect(bootstrap, "tests"), consumer, consumer._measures)


@asynccontextmanager
async def seated(bootstrap: str, consumer: Consumer) -> AsyncIterator[Subscription]:
    """Take a seat and keep it for a block."""
    seat = seat_of(bootstrap, consumer)
    async with beside(seat.run()):
        await until_true(lambda: seat.joined)
        yield seat


def records_of(told: type[Note], items: Sequence[str], partition: int = 0) -> list[Sent]:
    notes = [told(item=item, number=place) for place, item in enumerate(items, 1)]
    return [replace(record(note), partition=partition) for note in notes]


async def until_effects(database: Database, count: int) -> None:
    async def there() -> bool:
        return await figure(database, "select count(*) from effect") >= count

    await until(there)


async def until_committed(bootstrap: str, group: str, topic: str, offsets: dict[int, int]) -> None:
    async def there() -> bool:
        return await committed(bootstrap, group, topic) == offsets

    await until(there)


async def test_a_seat_that_nobody_keeps_any_more_is_taken_anew(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = notes_on(topic)

    async def knows_no_broker(*_asked: object) -> None:
        raise AssertionError("Did we not perform bootstrap?")

    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: write_down}, group=topic)) as seat:
        lost = seat._subscriber.consumer
        assert lost is not None
        await write(kafka_bootstrap, records_of(told, ["A"]))
        await until_effects(database, 1)

        monkeypatch.setattr(lost._client, "coordinator_lookup", knows_no_broker)
        lost._coordinator.coordinator_dead()
        await until_true(lambda: seat._subscriber.consumer not in {lost, None} and seat.joined)
        await write(kafka_bootstrap, records_of(told, ["B"]))
        await until_effects(database, 2)
    assert [item for item, _ in await effects(database)] == ["A", "B"]


async def test_headers_that_are_not_text_lose_no_record_of_the_batch(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told = notes_on(topic)
    sent = records_of(told, ["A", "B", "C", "D", "E"])
    sent[1] = replace(sent[1], headers=(*sent[1].headers, ("more", b"\xff\xfe")))
    sent[2] = replace(sent[2], headers=(*sent[2].headers, ("more", None)))
    sent[3] = replace(sent[3], headers=(("id", b"\xff"), ("type", told.type.encode())))
    await write(kafka_bootstrap, sent)
    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: write_down}, group=topic)):
        await until_effects(database, 4)
    assert [item for item, _ in await effects(database)] == ["A", "B", "C", "E"]
    assert [dead.letter.offset for dead in await letters(database)] == [3]
    assert await committed(kafka_bootstrap, topic, topic) == {0: 5}


async def test_header_names_that_are_not_text_stop_no_partition(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told = notes_on(topic)
    sent = records_of(told, ["A", "B", "C", "D"])
    sent[1] = replace(sent[1], headers=(*sent[1].headers, ("mo\udcffre", b"x")))
    sent[2] = replace(sent[2], headers=[("\udcff" if name == "type" else name, text) for name, text in sent[2].headers])
    await write(kafka_bootstrap, sent)
    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: write_down}, group=topic)):
        await until_effects(database, 3)
        await until_committed(kafka_bootstrap, topic, topic, {0: 4})
    assert [item for item, _ in await effects(database)] == ["A", "B", "D"]
    (aside,) = [dead.letter for dead in await letters(database)]
    assert (aside.offset, aside.type, aside.headers[r"\xff"]) == (2, None, told.type)


async def test_a_tombstone_and_a_header_that_asks_for_a_reply_do_no_harm(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told = notes_on(topic)
    sent = records_of(told, ["A", "gone", "B"])
    sent[0] = replace(sent[0], headers=(*sent[0].headers, ("reply_to", topic.encode()), ("content-type", b"x/y")))
    sent[1] = replace(sent[1], value=None, headers=())
    await write(kafka_bootstrap, sent)
    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: write_down}, group=topic)):
        await until_effects(database, 2)
        await until_committed(kafka_bootstrap, topic, topic, {0: 3})
    assert await letters(database) == []


async def test_what_was_applied_is_committed_when_the_seat_is_left(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told = notes_on(topic)
    await write(kafka_bootstrap, records_of(told, ["A"] * 7, 0) + records_of(told, ["B"] * 3, 2))
    async with complaints() as heard:
        async with seated(kafka_bootstrap, consumer_of(database, measures, {told: write_down}, group=topic)):
            await until_effects(database, 10)
        assert await committed(kafka_bootstrap, topic, topic) == {0: 7, 2: 3}
    assert heard == []


async def test_one_item_that_fails_for_ever_does_not_stop_its_partition(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told = notes_on(topic)
    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: Picky("bad")}, group=topic)):
        for round_ in range(1, 4):
            await write(kafka_bootstrap, records_of(told, ["A", "bad", "B"]))
            await until_effects(database, 2 * round_)
        await until_committed(kafka_bootstrap, topic, topic, {0: 9})
    assert [dead.letter.offset for dead in await letters(database)] == [1, 4, 7]


async def test_a_batch_whose_reader_is_killed_is_read_again_and_applied_once(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told, inside = notes_on(topic), asyncio.Event()

    async def hang(tx: Tx, notes: Sequence[Note]) -> None:
        await write_down(tx, notes)
        inside.set()
        await asyncio.Event().wait()

    await write(kafka_bootstrap, records_of(told, ["A"] * 20))
    killed = connect(kafka_bootstrap, "tests")
    killed.config.broker_config.graceful_timeout = 0.01
    seat = Subscription(killed, consumer_of(database, measures, {told: hang}, group=topic), measures)
    async with beside(seat.run()):
        await asyncio.wait_for(inside.wait(), 15)
        assert await seat.note_lag() == 20
    assert await effects(database) == []
    assert await committed(kafka_bootstrap, topic, topic) == {}
    again = consumer_of(database, Measures(CollectorRegistry()), {told: write_down}, group=topic)
    async with seated(kafka_bootstrap, again):
        await until_effects(database, 20)
    assert [number for _, number in await effects(database)] == list(range(1, 21))


async def test_a_batch_that_was_applied_but_not_committed_is_read_again_and_changes_nothing(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told = notes_on(topic)
    offsets: list[list[tuple[int, int]]] = []

    class Forgetful(Consumer):
        async def apply(self, records: Sequence[Record]) -> None:
            await super().apply(records)
            offsets.append([(one.partition, one.offset) for one in records])
            if len(offsets) == 1:
                raise DatabaseUnavailable

    await write(kafka_bootstrap, records_of(told, ["A"] * 5, 0) + records_of(told, ["B"] * 5, 1))
    consumer = Forgetful(topic, database, {told: write_down}, measures)
    async with seated(kafka_bootstrap, consumer):
        await until_committed(kafka_bootstrap, topic, topic, {0: 5, 1: 5})
    assert set(offsets[0]) <= {place for batch in offsets[1:] for place in batch}
    assert len(await effects(database)) == 10


async def test_a_batch_given_up_for_want_of_a_database_is_read_again_and_nothing_is_parked(
    database: Database,
    kafka_bootstrap: str,
    topic: str,
    measures: Measures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(consume, "PATIENCE_S", 0.3)
    told, calls = notes_on(topic), 0
    back = asyncio.Event()

    async def no_database(tx: Tx, notes: Sequence[Note]) -> None:
        nonlocal calls
        calls += 1
        if not back.is_set():
            raise DatabaseUnavailable
        await write_down(tx, notes)

    await write(kafka_bootstrap, records_of(told, ["A"] * 5))
    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: no_database}, group=topic)) as seat:
        await until_true(lambda: calls > 6)
        assert await committed(kafka_bootstrap, topic, topic) == {}
        monkeypatch.setattr(module, "STUCK_AFTER_S", 1.0)
        assert not await seat.is_stuck()
        back.set()
        await until_effects(database, 5)
    assert await letters(database) == []


async def test_two_seats_share_the_partitions_and_apply_everything_once(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told = notes_on(topic)
    first = consumer_of(database, measures, {told: write_down}, group=topic)
    second = consumer_of(database, Measures(CollectorRegistry()), {told: write_down}, group=topic)
    everything = [one for partition in range(3) for one in records_of(told, ["A"] * 100, partition)]
    async with seated(kafka_bootstrap, first):
        await write(kafka_bootstrap, everything[:150])
        async with seated(kafka_bootstrap, second):
            await write(kafka_bootstrap, everything[150:])
            await until_effects(database, 300)
    assert await figure(database, "select count(*) from effect") == 300
    assert await figure(database, "select count(distinct event_id) from effect") == 300


async def test_the_lag_is_what_waits_and_what_is_in_hand(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    told, inside, go_on = notes_on(topic), asyncio.Event(), asyncio.Event()

    async def hold(tx: Tx, notes: Sequence[Note]) -> None:
        inside.set()
        await go_on.wait()
        await write_down(tx, notes)

    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: hold}, group=topic)) as seat:
        await write(kafka_bootstrap, records_of(told, ["A"] * 4, 1))
        await asyncio.wait_for(inside.wait(), 15)
        assert await seat.note_lag() == 4
        assert _lag(measures, topic) == 4
        go_on.set()
        await until_effects(database, 4)

        async def nothing_waits() -> bool:
            return await seat.note_lag() == 0

        await until(nothing_waits)
        assert _lag(measures, topic) == 0
    assert await seat.note_lag() == 0


async def test_a_seat_taken_again_on_a_quiet_topic_is_neither_behind_nor_stuck(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = notes_on(topic)
    await write(kafka_bootstrap, records_of(told, ["A"] * 9))
    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: write_down}, group=topic)):
        await until_effects(database, 9)
        await until_committed(kafka_bootstrap, topic, topic, {0: 9})
    later = Measures(CollectorRegistry())
    monkeypatch.setattr(module, "STUCK_AFTER_S", -1.0)
    async with seated(kafka_bootstrap, consumer_of(database, later, {told: write_down}, group=topic)) as seat:
        await until_true(lambda: _has_fetched(seat))
        assert await seat.note_lag() == 0
        assert not await seat.is_stuck()


async def test_a_topic_that_was_lost_and_made_again_is_read(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "METADATA_AGE_MS", 500)
    told = notes_on(topic)
    async with seated(kafka_bootstrap, consumer_of(database, measures, {told: write_down}, group=topic)) as seat:
        consumer = seat._subscriber.consumer
        assert consumer is not None
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
        await admin.start()
        await admin.delete_topics([topic])
        await admin.close()
        await until_true(lambda: not consumer.assignment())
        await create_topics(kafka_bootstrap, topics=[Topic(topic, partitions=1)])
        await write(kafka_bootstrap, records_of(told, ["A"]))
        await until_effects(database, 1)


class Endless:
    """A consumer whose commits never end, as those to a broker without the topics do."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def commit(self) -> None:
        self.asked.set()
        await asyncio.Event().wait()

    def seek(self, partition: TopicPartition, offset: int) -> None:
        raise AssertionError(f"{partition} of before is no longer ours to read from {offset}")


@pytest.mark.parametrize("joined_anew", [True, False])
async def test_a_commit_ends_with_the_membership_or_in_time(joined_anew: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Endless()
    message = KafkaAckableMessage(raw_message=(), body=b"", consumer=consumer)
    offsets = module._Offsets()
    monkeypatch.setattr(module, "COMMIT_WITHIN_S", 60.0 if joined_anew else 0.05)
    async with beside(offsets.commit(message)) as committing:
        await asyncio.wait_for(consumer.asked.wait(), 5)
        if joined_anew:
            await offsets.on_partitions_revoked(set())
        await asyncio.wait_for(committing, 5)
    assert message.committed is AckStatus.ACKED


@pytest.mark.parametrize("steps", range(6))
async def test_who_is_stopped_while_a_commit_runs_out_of_time_stops(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = Endless()
    message = KafkaAckableMessage(raw_message=(), body=b"", consumer=consumer)
    monkeypatch.setattr(module, "COMMIT_WITHIN_S", 0.0)
    committing = asyncio.create_task(module._Offsets().commit(message))
    await asyncio.wait_for(consumer.asked.wait(), 5)
    for _ in range(steps):
        await asyncio.sleep(0)
    stopped = committing.cancel()
    await asyncio.wait([committing], timeout=5)
    assert committing.cancelled() is stopped


async def test_a_reader_that_stands_still_while_records_wait_is_stuck(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, inside = notes_on(topic), asyncio.Event()

    async def hang(_tx: Tx, _notes: Sequence[Note]) -> None:
        inside.set()
        await asyncio.Event().wait()

    seat = seat_of(kafka_bootstrap, consumer_of(database, measures, {told: hang}, group=topic))
    seat._broker.config.broker_config.graceful_timeout = 0.01
    await write(kafka_bootstrap, records_of(told, ["A"]))
    async with beside(seat.run()):
        await asyncio.wait_for(inside.wait(), 15)
        assert not await seat.is_stuck()
        monkeypatch.setattr(module, "STUCK_AFTER_S", 0.0)
        assert await seat.is_stuck()


async def test_a_broker_that_fell_silent_is_noticed(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = consumer_of(database, measures, {notes_on(topic): write_down}, group=topic)
    async with seated(kafka_bootstrap, consumer) as seat:
        assert seat.hears_broker()
        await until_true(lambda: _has_fetched(seat))
        assert seat.hears_broker()
        monkeypatch.setattr(module, "SILENT_AFTER_S", -1.0)
        assert not seat.hears_broker()
    assert not seat.hears_broker()


def _lag(measures: Measures, topic: str) -> float | None:
    return measures.registry.get_sample_value("ctcpost_consumer_lag_records", {"topic": topic})


def _has_fetched(seat: Subscription) -> bool:
    consumer = seat._subscriber.consumer
    return consumer is not None and any(consumer.highwater(place) is not None for place in consumer.assignment())

"""Packing rows for their partitions: nothing is lost, the order of a key stays, keys go where they always went."""

from collections import defaultdict
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.record import MemoryRecords

from shared.messaging.batches import Batch, pack, partition_of
from shared.messaging.outbox import TOMBSTONE, Outbox, Unsent
from tests.shared.messaging.notes import Note, notes_on


@pytest.fixture
async def producer() -> AsyncIterator[AIOKafkaProducer]:
    """A producer that is never started: it only makes empty batches of its size."""
    made = AIOKafkaProducer(bootstrap_servers="nowhere:1", max_batch_size=10_000)
    yield made
    await made.stop()


def waiting(*notes: Note) -> list[Unsent]:
    box = Outbox("tracking")
    rows = [box.row(note) for note in notes]
    return [Unsent(place, row.event_time.date(), row, 1, 1) for place, row in enumerate(rows, start=1)]


def ids(batches: list[Batch]) -> list[int]:
    return [unsent.id for batch in batches for unsent in batch.rows]


def test_a_key_goes_to_the_partition_that_other_clients_choose() -> None:
    other = DefaultPartitioner()
    keys = [f"PD{serial:08}{serial % 10}KH".encode() for serial in range(500)]
    assert [partition_of(key, 12) for key in keys] == [other(key, list(range(12)), []) for key in keys]


async def test_every_row_is_packed_once_and_those_of_a_key_in_their_order(producer: AIOKafkaProducer) -> None:
    rows = waiting(*(Note(item=f"item {number % 7}", number=number, text="x" * 300) for number in range(300)))
    batches = pack(producer, rows, {Note.topic: 3}, "tracking")
    assert sorted(ids(batches)) == [unsent.id for unsent in rows]
    order: dict[str, list[int]] = defaultdict(list)
    for batch in batches:
        assert batch.builder.record_count() == len(batch.rows)
        assert batch.builder.closed()
        for unsent in batch.rows:
            order[unsent.row.key].append(unsent.id)
    assert all(of_key == sorted(of_key) for of_key in order.values())
    assert {batch.partition for batch in batches} == {0, 1, 2}
    assert len(batches) > 3


async def test_a_row_larger_than_a_batch_travels_alone(producer: AIOKafkaProducer) -> None:
    texts = ("small", "x" * 20_000, "small")
    rows = waiting(*(Note(item="A", number=number, text=text) for number, text in enumerate(texts)))
    batches = pack(producer, rows, {Note.topic: 3}, "tracking")
    assert [ids([batch]) for batch in batches] == [[1], [2], [3]]


async def test_rows_of_a_topic_that_is_not_known_are_left_out(producer: AIOKafkaProducer) -> None:
    rows = waiting(Note(item="A", number=1), notes_on("test.elsewhere")(item="A", number=2))
    assert ids(pack(producer, rows, {Note.topic: 3}, "tracking")) == [1]


async def test_a_tombstone_travels_without_a_value_and_an_empty_event_does_not(producer: AIOKafkaProducer) -> None:
    note = waiting(Note(item="A", number=1, text="x"))[0]
    rows = [
        note._replace(id=1, row=note.row._replace(type=TOMBSTONE, payload=b"")),
        note._replace(id=2, row=note.row._replace(payload=b"")),
    ]
    (batch,) = pack(producer, rows, {Note.topic: 1}, "tracking")
    records = MemoryRecords(bytes(batch.builder._build()))
    assert [record.value for record in records.next_batch()] == [None, b""]

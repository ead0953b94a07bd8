"""What Kafka does for relay and consumers: partitions that keep an order, offsets of groups, answers that get lost."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from aiokafka.errors import (
    CommitFailedError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
)
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from faststream import AckPolicy
from faststream.message import AckStatus

from shared.messaging.broker import _Producer as Held
from tests.model.faults import Faults

PARTITIONS = 2
BATCH_BYTES = 131_072

Place = tuple[str, int]
Batch = Callable[[object, Any], Awaitable[None]]
Answer = asyncio.Future[object]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is read from a topic."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes | None
    """None for a tombstone."""
    headers: tuple[tuple[str, bytes], ...]


OnWrite = Callable[[Record], None]
"""Sees each record that a producer is about to write."""


class Verdict(StrEnum):
    """What the broker does with the next batch, which is written and acknowledged whole."""

    REFUSED = "refused"
    """The producer itself does not take it; later ones it takes."""
    FAILED = "failed"
    """Not written, and said so."""
    FAILED_YET_WRITTEN = "failed-yet-written"
    SILENT = "silent"
    """Not written, and no answer comes."""
    SILENT_YET_WRITTEN = "silent-yet-written"


@dataclass(slots=True)
class Cluster:
    """The topics, and what the groups have read of them."""

    faults: Faults
    logs: dict[Place, list[Record]] = field(default_factory=lambda: defaultdict(list))
    committed: dict[str, dict[Place, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    members: dict[str, list["Member"]] = field(default_factory=lambda: defaultdict(list))
    verdicts: deque[Verdict | None] = field(default_factory=deque)
    batch_bytes: int = BATCH_BYTES
    written: dict[str, int] = field(default_factory=dict)
    """The events that producers wrote, and how many were written before each was for the first time."""
    on_write: OnWrite = field(default=lambda _record: None)
    slow: set[Place] = field(default_factory=set)
    """Partitions that nobody can read from at the moment."""

    def write(self, place: Place, batch: BatchBuilder) -> None:
        """Write the records of a batch behind the others of their partition."""
        for read in _records(batch):
            record = Record(*place, len(self.logs[place]), read.key, read.value, tuple(read.headers))
            self.on_write(record)
            self.written.setdefault(id_of(record), len(self.written))
            self.append_at(place, record.key, record.value, record.headers)

    def append_at(self, place: Place, key: bytes, value: bytes | None, headers: tuple[tuple[str, bytes], ...]) -> None:
        """Write a record into one partition."""
        log = self.logs[place]
        log.append(Record(*place, len(log), key, value, headers))
        self.wake()

    def repeat(self, which: int, *, elsewhere: bool) -> None:
        """Write one of the records again, as a producer without an answer does; elsewhere, if partitions were added."""
        records = [record for place in sorted(self.logs) for record in self.logs[place]]
        if records:
            old = records[which % len(records)]
            partition = (old.partition + elsewhere) % PARTITIONS
            self.append_at((old.topic, partition), old.key, old.value, old.headers)

    def shuffle(self, topic: str, chance: Random, most: int = 1) -> None:
        """Write a topic anew: its records in any order over the partitions, each of them up to so many times."""
        records = [record for partition in range(PARTITIONS) for record in self.logs.pop((topic, partition), ())]
        records = [record for record in records for _ in range(chance.randint(1, most))]
        chance.shuffle(records)
        for record in records:
            self.append_at((topic, chance.randrange(PARTITIONS)), record.key, record.value, record.headers)

    def ids(self, topic: str | None = None) -> list[str]:
        """Return the ids of the events that were written, in the order of each partition."""
        return [
            id_of(record) for place in sorted(self.logs) for record in self.logs[place] if topic in (None, place[0])
        ]

    def reset(self, group: str) -> None:
        """Let a group read everything again from the start."""
        self.committed[group].clear()
        self.deal(group)

    def deal(self, group: str) -> None:
        """Give the partitions out anew; every member reads on from what is committed."""
        for member in self.members[group]:
            member.lose()

    def wake(self) -> None:
        """Tell the members that there may be something to read."""
        for members in self.members.values():
            for member in members:
                member.woken.set()


class Producer:
    """Takes batches; as an idempotent producer, it writes nothing behind one that failed in its partition."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._broken: set[Place] = set()

    async def partitions_for(self, topic: str) -> set[int]:
        """Return the partitions of a topic, which takes a call the first time, and may any time."""
        trap = await self._cluster.faults.before(KafkaConnectionError)
        await self._cluster.faults.after(trap, KafkaConnectionError)
        return set(range(PARTITIONS))

    def create_batch(self) -> BatchBuilder:
        """Return an empty batch, which is aiokafka's own: how much it takes is not told by a stand-in."""
        return BatchBuilder(self._cluster.batch_bytes, 0)

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> Answer:
        """Take a batch; the answer comes later."""
        trap = await self._cluster.faults.before(KafkaConnectionError)
        verdict = self._cluster.verdicts.popleft() if self._cluster.verdicts else None
        if verdict is Verdict.REFUSED:
            raise KafkaTimeoutError
        answer: Answer = asyncio.get_running_loop().create_future()
        place = (topic, partition)
        if place in self._broken and verdict is not Verdict.SILENT:
            verdict = Verdict.FAILED
        if verdict in (None, Verdict.FAILED_YET_WRITTEN, Verdict.SILENT_YET_WRITTEN):
            self._cluster.write(place, batch)
        if verdict is None:
            answer.set_result(None)
        else:
            self._broken.add(place)
            if verdict in (Verdict.FAILED, Verdict.FAILED_YET_WRITTEN):
                answer.set_exception(KafkaTimeoutError())
        await self._cluster.faults.after(trap, KafkaConnectionError)
        return answer


class Broker:
    """Stands for one KafkaBroker, with a producer for the relay, or a subscriber for the consumer."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._held = Held(parser=None, decoder=None)
        self.config = SimpleNamespace(broker_config=SimpleNamespace(consumer_only=False, producer=self._held))
        self.subscribed: Mapping[str, Any] = {}
        self.on_batch: Batch | None = None

    async def connect(self) -> None:
        """Open the producer."""
        trap = await self._cluster.faults.before(KafkaConnectionError)
        self._held.client = cast("Any", Producer(self._cluster))
        await self._cluster.faults.after(trap, KafkaConnectionError)

    async def stop(self) -> None:
        """Close; what nobody has answered stays unanswered."""

    def subscriber(self, *topics: str, **settings: Any) -> Callable[[Batch], Batch]:
        """Note how the consumer wants to read."""
        self.subscribed = {**settings, "topics": topics}

        def keep(on_batch: Batch) -> Batch:
            self.on_batch = on_batch
            return on_batch

        return keep


@dataclass(eq=False, slots=True)
class Message:
    """A batch as FastStream hands it over."""

    member: "Member"
    raw_message: tuple[Record, ...]
    generation: int
    reached: Mapping[Place, int]
    committed: AckStatus | None = None

    async def ack(self) -> None:
        """Commit, once."""
        if not self.committed:
            await self.member.commit(self)
            self.committed = AckStatus.ACKED


class Member:
    """A seat in a group, that reads as FastStream's batch subscriber does under the policy it was given."""

    def __init__(self, cluster: Cluster, broker: Broker, at_a_time: int) -> None:
        assert broker.on_batch is not None
        self._cluster = cluster
        self._on_batch = broker.on_batch
        self._group = broker.subscribed["group_id"]
        self.topics = broker.subscribed["topics"]
        self._policy = broker.subscribed["ack_policy"]
        self._at_a_time = min(at_a_time, broker.subscribed["max_records"])
        assert broker.subscribed["auto_offset_reset"] == "earliest"
        self._listener = broker.subscribed["listener"]
        self.positions: dict[Place, int] = {}
        self.applied: Mapping[Place, int] = {}
        """How far it came; what was not committed of it is read again by the next to hold the seat."""
        self.generation = 0
        self.woken = asyncio.Event()

    async def run(self) -> None:
        """Read, apply and commit, as long as the process lives."""
        members = self._cluster.members[self._group]
        members.append(self)
        self._cluster.deal(self._group)
        while True:
            self.woken.clear()
            batch = self._poll()
            if not batch:
                await self.woken.wait()
                continue
            await self._take(batch)

    async def _take(self, batch: Sequence[Record]) -> None:
        message = Message(self, tuple(batch), self.generation, dict(self.positions))
        try:
            if self._policy is AckPolicy.ACK_FIRST:
                await message.ack()
            await self._on_batch((), message)
            if self._policy is AckPolicy.NACK_ON_ERROR:
                await message.ack()
            self.applied = message.reached
        except (TimeoutError, KafkaError):
            if self._policy is AckPolicy.NACK_ON_ERROR:
                self.positions.clear()
            await asyncio.sleep(0.1)

    def lose(self) -> None:
        """Give the partitions back; where the reading goes on, the group's offsets say."""
        self.generation += 1
        self.positions.clear()
        self.woken.set()
        asyncio.get_running_loop().create_task(self._listener.on_partitions_revoked(()))

    async def commit(self, message: "Message") -> None:
        """Commit what was read up to a message, unless the partitions were given to others since."""
        trap = await self._cluster.faults.before(KafkaConnectionError)
        if message.generation != self.generation:
            raise CommitFailedError
        self._cluster.committed[self._group].update(message.reached)
        await self._cluster.faults.after(trap, KafkaConnectionError)

    def _poll(self) -> list[Record]:
        batch: list[Record] = []
        for place in self._mine():
            log = self._cluster.logs[place]
            position = self.positions.setdefault(place, self._cluster.committed[self._group][place])
            read = log[position : position + self._at_a_time - len(batch)]
            self.positions[place] = position + len(read)
            batch += read
        return batch

    def _mine(self) -> list[Place]:
        members = self._cluster.members[self._group]
        seat, seats = members.index(self), len(members)
        places = [(topic, partition) for topic in self.topics for partition in range(PARTITIONS)]
        return [place for n, place in enumerate(places) if n % seats == seat and place not in self._cluster.slow]


def id_of(record: Record) -> str:
    """Return the id of the event in a record."""
    return dict(record.headers)["id"].decode()


def _records(batch: BatchBuilder) -> list[Any]:
    read = MemoryRecords(bytes(batch._build()))
    records: list[Any] = []
    while (some := read.next_batch()) is not None:
        records += some
    return records

"""The relay: takes what the outbox holds to Kafka, in order for each key, and marks it sent.

One relay a database leads, under an advisory lock held on the connection it works on. The server ends that connection
when the relay says nothing for some seconds, so one whose process stands still leaves the lead to another. What it
reads, and that a row which commits late with a lower id is neither lost nor overtaken, is the reader's concern.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.db.connection import SILENT_FOR, is_read_only
from shared.failpoints import Place, reached
from shared.messaging import outbox
from shared.messaging.batches import Batch, pack
from shared.messaging.broker import producer_of, stop
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox, Unsent
from shared.messaging.reader import Reader

log = structlog.get_logger()

LOCK = 4_201_034
BATCH = 500
SWEEP_EVERY_S = 1.0
SHORTEST_REST_S = 0.02
LONGEST_REST_S = 0.25
GATHER_S, GATHER_LONGER_S, GATHER_MANY_S = 0.02, 0.07, 0.1
"""After a look that found rows: the work is by the look and by the batch more than by the event."""
FEW = 8
"""Rows told of since a look, below which they are gathered longer; who comes after a rest waits for nothing."""
MANY_PER_S = 2_000
"""Rows that come in a second, from which on they are gathered longest: then every core is wanted elsewhere."""
SEND_WITHIN_S = 30.0
SETTINGS = {
    "application_name": "relay",
    # A crash of the server loses marks of its last moment, and those rows go out again; no registration waits behind
    # the relay's flushes.
    "synchronous_commit": "off",
    # Or the lock of a process that stands still lasts until it goes on.
    "idle_session_timeout": SILENT_FOR,
    # Statistics are mostly of a time when nothing waits: the planner would sort all that waits at each look.
    "enable_sort": "off",
}
SAYS_SOMETHING_EVERY_S = 2.0
LANDS_WITHIN_S = 2.0
STANDBY_REST_S = 1.0
SHORTEST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0

T = TypeVar("T")
Answer: TypeAlias = "asyncio.Future[object]"


class Demoted(Exception):
    """This server is no longer the one that is written to: what the others write stands elsewhere."""


@dataclass(slots=True)
class _Flight:
    """Rows on their way: what the broker will answer for each batch, and why topics refused theirs."""

    rows: Sequence[Unsent]
    until: float
    answers: list[tuple[Batch, Answer]] = field(default_factory=list)
    refused: dict[str, KafkaError] = field(default_factory=dict)


class Relay:
    """Leads for a while, loses the lead with its connection, and tries again."""

    def __init__(self, url: str, box: Outbox, make_broker: Callable[[], KafkaBroker], measures: Measures) -> None:
        self._url = url
        self._outbox = box
        self._make_broker = make_broker
        self._measures = measures
        self.leads = False
        self._under_way: list[_Flight] = []

    async def run(self) -> None:
        """Relay until cancelled."""
        wait_s = SHORTEST_WAIT_S
        while True:
            began_at = time.monotonic()
            try:
                await self._term()
            except Exception as error:  # noqa: BLE001  # whatever ended the term, another begins
                lasted = time.monotonic() - began_at > LONGEST_WAIT_S
                wait_s = SHORTEST_WAIT_S if lasted else min(wait_s * 2, LONGEST_WAIT_S)
                log.warning("relay lost its term", error=type(error).__name__, again_in_s=wait_s)
            finally:
                self._note_lead(leads=False)
            await asyncio.sleep(wait_s)

    async def _term(self) -> None:
        connection = await asyncpg.connect(
            self._url, timeout=5, command_timeout=SEND_WITHIN_S, server_settings=SETTINGS
        )
        try:
            while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
                await asyncio.sleep(STANDBY_REST_S)
            # A new broker for each term: an idempotent producer that met a sequence error never sends again.
            broker = self._make_broker()
            try:
                await broker.connect()
                self._note_lead(leads=True)
                self._under_way.clear()
                await self._lead(connection, broker)
            except asyncio.CancelledError:
                await self._land(connection)
                raise
            finally:
                await stop(broker)
        finally:
            connection.terminate()

    async def _lead(self, connection: asyncpg.Connection, broker: KafkaBroker) -> None:
        reader, rest_s = Reader(), SHORTEST_REST_S
        looked_at = time.monotonic()
        sweep_at = looked_at + SWEEP_EVERY_S
        while True:
            self._outbox.wake.clear()
            told, self._outbox.told = self._outbox.told, 0
            before, looked_at = looked_at, time.monotonic()
            if time.monotonic() > sweep_at:
                reader.begin_again()
                sweep_at = time.monotonic() + SWEEP_EVERY_S
            rows = await reader.read(connection, BATCH)
            if is_read_only(connection):
                raise Demoted
            if rows:
                await self._drain(connection, broker, reader, rows, sweep_at)
                if len(rows) < BATCH:
                    await self._gather(many=len(rows) > MANY_PER_S * max(GATHER_S, looked_at - before))
                rest_s = SHORTEST_REST_S
                continue
            if told:
                # They were told of by a transaction that is yet to commit, in a moment.
                rest_s = SHORTEST_REST_S
            await self._rest(rest_s)
            rest_s = min(rest_s * 2, LONGEST_REST_S)

    async def _gather(self, *, many: bool) -> None:
        await asyncio.sleep(GATHER_MANY_S if many else GATHER_S)
        if self._outbox.told < FEW:
            await asyncio.sleep(GATHER_LONGER_S)

    async def _drain(
        self,
        connection: asyncpg.Connection,
        broker: KafkaBroker,
        reader: Reader,
        rows: Sequence[Unsent],
        until: float,
    ) -> None:
        """Send rows, reading those after them while the broker answers; returns when all are marked."""
        while rows:
            reached(Place.RELAY_READ)
            flight = await _while_holding(connection, self._hand_over(broker, rows))
            goes_on = len(rows) == BATCH and time.monotonic() < until
            rows = await reader.read(connection, BATCH) if goes_on else []
            await self._settle(connection, flight)

    async def _land(self, connection: asyncpg.Connection) -> None:
        """Mark what was sent before the stop came; its successor would send it again."""
        with suppress(Exception):
            async with asyncio.timeout(LANDS_WITHIN_S):
                for flight in list(self._under_way):
                    await self._settle(connection, flight)

    async def send(self, connection: asyncpg.Connection, broker: KafkaBroker, rows: Sequence[Unsent]) -> None:
        """Send rows and mark those that the broker acknowledged.

        Raises: the first error of a row that was not acknowledged, after the others are marked.
        """
        await self._settle(connection, await _while_holding(connection, self._hand_over(broker, rows)))

    async def _hand_over(self, broker: KafkaBroker, rows: Sequence[Unsent]) -> _Flight:
        """Give rows to the producer; a topic that refuses a batch gets no later one."""
        producer, flight = producer_of(broker), _Flight(rows, asyncio.get_running_loop().time() + SEND_WITHIN_S)
        self._under_way.append(flight)
        with suppress(TimeoutError):
            async with asyncio.timeout_at(flight.until):
                partitions = await self._partitions(producer, flight)
                for batch in pack(producer, rows, partitions, self._outbox.source):
                    if batch.topic not in flight.refused:
                        try:
                            flight.answers.append((batch, await self._submit(producer, batch)))
                        except KafkaError as error:
                            flight.refused[batch.topic] = error
        reached(Place.RELAY_SENT)
        return flight

    async def _partitions(self, producer: AIOKafkaProducer, flight: _Flight) -> Mapping[str, int]:
        partitions = {}
        for topic in {unsent.row.topic for unsent in flight.rows}:
            try:
                partitions[topic] = len(await producer.partitions_for(topic))
            except KafkaError as error:
                flight.refused[topic] = error
        return partitions

    async def _submit(self, producer: AIOKafkaProducer, batch: Batch) -> Answer:
        answer: Answer = await producer.send_batch(batch.builder, batch.topic, partition=batch.partition)
        answer.add_done_callback(_hear)
        return answer

    async def _settle(self, connection: asyncpg.Connection, flight: _Flight) -> None:
        """Wait for the broker's answers and mark what it acknowledged."""
        if answers := [answer for _, answer in flight.answers]:
            await _while_holding(connection, _all_answered(answers, flight.until))
        sent = [unsent for batch, answer in flight.answers if _acknowledged(answer) for unsent in batch.rows]
        reached(Place.RELAY_ACKNOWLEDGED)
        if sent:
            await outbox.mark_sent(connection, sent)
            reached(Place.RELAY_MARKED)
            for topic, count in Counter(unsent.row.topic for unsent in sent).items():
                self._measures.events_sent.labels(topic).inc(count)
        self._under_way.remove(flight)
        if len(sent) < len(flight.rows):
            failed = (answer.exception() for answer in answers if answer.done() and not answer.cancelled())
            raise next(filter(None, [*flight.refused.values(), *failed]), TimeoutError())

    async def _rest(self, rest_s: float) -> None:
        # Not wait_for: where the wake comes with the stop, it loses the stop.
        with suppress(TimeoutError):
            async with asyncio.timeout(rest_s):
                await self._outbox.wake.wait()

    def _note_lead(self, *, leads: bool) -> None:
        self.leads = leads
        self._measures.relay_leads.set(leads)


async def _while_holding(connection: asyncpg.Connection, work: Coroutine[None, None, T]) -> T:
    """Wait for the broker, and meanwhile say something to the server now and then."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait([task], timeout=SAYS_SOMETHING_EVERY_S))[0]:
            await connection.fetchval("select 1")
        return task.result()
    finally:
        task.cancel()


async def _all_answered(answers: Sequence[Answer], until: float) -> None:
    await asyncio.wait(answers, timeout=max(0, until - asyncio.get_running_loop().time()))


def _hear(answer: Answer) -> None:
    """Take note of an answer that nobody may wait for any more; asyncio would complain of its error."""
    if not answer.cancelled():
        answer.exception()


def _acknowledged(answer: Answer) -> bool:
    return answer.done() and not answer.cancelled() and answer.exception() is None

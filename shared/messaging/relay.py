"""The relay: takes what the outbox holds to Kafka, in order for each key, and marks it sent.

One relay a database leads, under an advisory lock held on the connection it works on. It never asks for
"id above the last one" alone: a row that commits late has a lower id, and a sweep from the start finds it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

import asyncpg
import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.failpoints import Place, reached
from shared.messaging import outbox
from shared.messaging.broker import stop
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox, Unsent

log = structlog.get_logger()

LOCK = 4_201_034
BATCH = 500
SWEEP_EVERY_S = 1.0
SHORTEST_REST_S = 0.02
LONGEST_REST_S = 0.25
SEND_WITHIN_S = 30.0
STANDBY_REST_S = 1.0
SHORTEST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0

Answer: TypeAlias = "asyncio.Future[object]"


class Relay:
    """Leads for a while, loses the lead with its connection, and tries again."""

    def __init__(self, url: str, box: Outbox, make_broker: Callable[[], KafkaBroker], measures: Measures) -> None:
        self._url = url
        self._outbox = box
        self._make_broker = make_broker
        self._measures = measures
        self.leads = False

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
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=SEND_WITHIN_S)
        try:
            while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
                await asyncio.sleep(STANDBY_REST_S)
            # A new broker for each term: an idempotent producer that met a sequence error never sends again.
            broker = self._make_broker()
            try:
                await broker.connect()
                self._note_lead(leads=True)
                await self._lead(connection, broker)
            finally:
                await stop(broker)
        finally:
            connection.terminate()

    async def _lead(self, connection: asyncpg.Connection, broker: KafkaBroker) -> None:
        last_id, swept_at, rest_s = 0, time.monotonic(), SHORTEST_REST_S
        while True:
            self._outbox.wake.clear()
            if time.monotonic() - swept_at > SWEEP_EVERY_S:
                last_id, swept_at = 0, time.monotonic()
            rows = await outbox.unsent(connection, last_id, BATCH)
            if rows:
                reached(Place.RELAY_READ)
                await self.send(connection, broker, rows)
                last_id, rest_s = rows[-1].id, SHORTEST_REST_S
                continue
            if last_id:
                last_id = 0
                continue
            await self._rest(rest_s)
            rest_s = min(rest_s * 2, LONGEST_REST_S)

    async def send(self, connection: asyncpg.Connection, broker: KafkaBroker, rows: Sequence[Unsent]) -> None:
        """Send rows and mark those that the broker acknowledged.

        Raises: the first error of a row that was not acknowledged, after the others are marked.
        """
        answers, refused = await self._hand_over(broker, rows)
        sent = [unsent for unsent in rows if (answer := answers.get(unsent.id)) and _acknowledged(answer)]
        reached(Place.RELAY_ACKNOWLEDGED)
        if sent:
            await outbox.mark_sent(connection, sent)
            reached(Place.RELAY_MARKED)
            for topic, count in Counter(unsent.row.topic for unsent in sent).items():
                self._measures.events_sent.labels(topic).inc(count)
        if len(sent) < len(rows):
            failed = (answer.exception() for answer in answers.values() if not answer.cancelled())
            raise next(filter(None, [*refused.values(), *failed]), TimeoutError())

    async def _hand_over(
        self, broker: KafkaBroker, rows: Sequence[Unsent]
    ) -> tuple[Mapping[int, Answer], Mapping[str, KafkaError]]:
        """Give rows to the producer and wait for its answers; a topic that refuses one gets no later one."""
        answers: dict[int, Answer] = {}
        refused: dict[str, KafkaError] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(SEND_WITHIN_S):
                for unsent in rows:
                    if unsent.row.topic not in refused:
                        try:
                            answers[unsent.id] = await self._publish(broker, unsent.row)
                        except KafkaError as error:
                            refused[unsent.row.topic] = error
                reached(Place.RELAY_SENT)
                await asyncio.gather(*answers.values(), return_exceptions=True)
        return answers, refused

    async def _publish(self, broker: KafkaBroker, row: outbox.Row) -> Answer:
        return await broker.publish(
            row.payload,
            topic=row.topic,
            key=row.key.encode(),
            headers={
                "type": row.type,
                "id": str(row.event_id),
                "time": row.event_time.isoformat(),
                "source": self._outbox.source,
                "traceparent": row.traceparent,
                "checksum": row.checksum,
            },
            no_confirm=True,
        )

    async def _rest(self, rest_s: float) -> None:
        try:
            await asyncio.wait_for(self._outbox.wake.wait(), rest_s)
        except TimeoutError:
            return

    def _note_lead(self, *, leads: bool) -> None:
        self.leads = leads
        self._measures.relay_leads.set(leads)


def _acknowledged(answer: Answer) -> bool:
    return answer.done() and not answer.cancelled() and answer.exception() is None

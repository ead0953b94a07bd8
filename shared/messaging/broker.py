"""The one place that says how we talk to Kafka: acknowledgement, offsets, time limits."""

import asyncio
import logging
import time
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.publisher.producer import AioKafkaFastProducerImpl
from faststream.message import AckStatus

from shared.messaging import headers
from shared.messaging.consume import Consumer
from shared.messaging.measures import Measures

log = structlog.get_logger()

ACKNOWLEDGED_BY: Final = "all"
"""Every replica that is in step; with it goes an idempotent producer."""
LARGEST_BATCH = 500
REQUEST_WITHIN_MS = 15_000
SESSION_WITHIN_MS = 10_000
FETCH_WAITS_MS = 100
"""What a slow batch leaves unread for a tenth of a second is left out of the next fetch, and then waits for its end."""
METADATA_AGE_MS = 5_000
"""A consumer that came before its topics hears of them no sooner: a wiped broker's topics are made after it is back."""
COMMIT_WITHIN_S = 5.0
LONGEST_POLL_INTERVAL_MS = 300_000
STUCK_AFTER_S = 180.0
SILENT_AFTER_S = 10.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
LOOK_EVERY_S = 1.0
STOP_WITHIN_S = 20.0
"""Longer than a request may take, so that what is on its way to a lost broker can fail first."""


def connect(bootstrap: str, client: str) -> KafkaBroker:
    """Describe a connection for sending and receiving; nothing is opened yet."""
    headers.read_any_name()
    broker = KafkaBroker(
        bootstrap.split(","),
        client_id=client,
        acks=ACKNOWLEDGED_BY,
        enable_idempotence=True,
        linger_ms=2,
        max_batch_size=131_072,
        request_timeout_ms=REQUEST_WITHIN_MS,
        metadata_max_age_ms=METADATA_AGE_MS,
        allow_auto_create_topics=False,
        graceful_timeout=10.0,
        parser=headers.read_first,
        logger=logging.getLogger("faststream"),
        log_level=logging.DEBUG,
    )
    broker.config.broker_config.producer = _Producer(parser=None, decoder=None)
    return broker


def producer_of(broker: KafkaBroker) -> AIOKafkaProducer:
    """Return the producer of a connection that is open; FastStream's own publishing takes one record at a time."""
    producer = broker.config.broker_config.producer
    assert isinstance(producer, _Producer)
    assert producer.client is not None
    return producer.client


async def stop(broker: KafkaBroker) -> None:
    """Close a connection; one that is too broken to be closed is let go."""
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await broker.stop()
    except Exception as error:  # noqa: BLE001  # nobody can do more about it
        log.warning("broker not left in order", error=type(error).__name__)


class _Producer(AioKafkaFastProducerImpl):
    """Closes a producer that could not start, which its parent forgets; it would complain when it is collected."""

    client: AIOKafkaProducer | None = None

    async def connect(self, producer: AIOKafkaProducer, serializer: Any, codec: Any = None) -> None:
        self.client = producer
        try:
            await super().connect(producer, serializer, codec)
        except BaseException:
            await producer.stop()
            raise


class _Offsets(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """Commits what was applied, as the member that read it and no other.

    aiokafka goes on trying while the group is joined anew, and then commits as the new member. Where a broker lost its
    disk, an offset of before leads beyond the first records of the new log, which nobody would read.
    """

    def __init__(self) -> None:
        self._committing: asyncio.Task[None] | None = None

    async def commit(self, message: KafkaMessage) -> None:
        """Commit; where that fails the records come again, and are known."""
        self._committing = committing = asyncio.create_task(message.ack())
        try:
            await asyncio.wait([committing], timeout=COMMIT_WITHIN_S)
        finally:
            committing.cancel()
        # Awaited itself, its end could not be told from that of whoever waits, who would then go on after a stop.
        await asyncio.wait([committing])
        if not committing.cancelled() and (error := committing.exception()):
            # aiokafka asserts that it knows a broker, and may know none.
            log.warning("offsets not committed", error=type(error).__name__)
        # FastStream would try once more, or go back to offsets that are no longer this member's.
        message.committed = AckStatus.ACKED

    async def on_partitions_revoked(self, _revoked: Any) -> None:
        """Commit nothing of before from now on."""
        if self._committing is not None:
            self._committing.cancel()

    async def on_partitions_assigned(self, _assigned: Any) -> None:
        """Begin where the group says."""


class Subscription:
    """The consumer's seat in its group, and how far behind it is."""

    def __init__(self, broker: KafkaBroker, consumer: Consumer, measures: Measures) -> None:
        self._broker = broker
        self._measures = measures
        self.topics = consumer.topics
        self.joined = False
        self._in_hand: dict[TopicPartition, int] = {}
        self._read_at = time.monotonic()
        self._offsets = _Offsets()
        broker.config.broker_config.consumer_only = True
        self._subscriber = broker.subscriber(
            *consumer.topics,
            group_id=consumer.group,
            batch=True,
            max_records=LARGEST_BATCH,
            batch_timeout_ms=100,
            fetch_max_wait_ms=FETCH_WAITS_MS,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            no_reply=True,
            listener=self._offsets,
            session_timeout_ms=SESSION_WITHIN_MS,
            heartbeat_interval_ms=SESSION_WITHIN_MS // 4,
            max_poll_interval_ms=LONGEST_POLL_INTERVAL_MS,
            decoder=_leave_as_is,
        )

        @self._subscriber
        async def on_batch(_items: Any, message: KafkaMessage) -> None:
            records = message.raw_message
            batch = records if isinstance(records, tuple) else (records,)
            measures.batch_size.observe(len(batch))
            self._read_at = time.monotonic()
            self._in_hand = {TopicPartition(r.topic, r.partition): r.offset for r in reversed(batch)}
            try:
                await consumer.apply(batch)
                await self._offsets.commit(message)
            finally:
                self._in_hand = {}
                self._read_at = time.monotonic()

    async def run(self) -> None:
        """Stay subscribed until cancelled; a broker that is down is tried again, and a seat that is lost taken anew."""
        wait_s = FIRST_WAIT_S
        try:
            while True:
                try:
                    await self._broker.start()
                    self.joined, wait_s = True, FIRST_WAIT_S
                    await self._until_lost()
                except Exception as error:  # noqa: BLE001  # whatever keeps the broker away, try again
                    log.warning("broker not reached", error=type(error).__name__, again_in_s=wait_s)
                self.joined = False
                await stop(self._broker)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
        finally:
            self.joined = False
            await stop(self._broker)

    async def _until_lost(self) -> None:
        """Return when nobody keeps the seat any more, which no read would ever tell.

        aiokafka's task for the group ends over what it does not expect: a broker that has just been started again may
        name no broker at all, not even itself.
        """
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                if consumer := self._subscriber.consumer:
                    consumer._coordinator.check_errors()  # noqa: SLF001  # no public way asks without reading
            except Exception as error:  # noqa: BLE001  # whatever it was, the seat is lost
                log.warning("seat in the group lost", error=type(error).__name__)
                return

    async def note_lag(self) -> int:
        """Write how many records of each topic were not yet applied, as the last fetch knew; returns their sum."""
        lag = dict.fromkeys(self.topics, 0)
        if (consumer := self._subscriber.consumer) and self.joined:
            for partition in consumer.assignment():
                highwater = consumer.highwater(partition)
                if highwater is not None:
                    next_offset = self._in_hand.get(partition, await consumer.position(partition))
                    lag[partition.topic] += max(0, highwater - next_offset)
        for topic, records in lag.items():
            self._measures.consumer_lag.labels(topic).set(records)
        return sum(lag.values())

    async def is_stuck(self) -> bool:
        """Tell whether records wait and none was read for a long time; a batch that waits for a database was read."""
        return time.monotonic() - self._read_at > STUCK_AFTER_S and await self.note_lag() > 0

    def hears_broker(self) -> bool:
        """Tell whether the broker answered a fetch lately; a seat that was given no partition asks nothing."""
        consumer = self._subscriber.consumer if self.joined else None
        if consumer is None or self._in_hand:
            return self.joined
        answers_ms = [consumer.last_poll_timestamp(partition) for partition in consumer.assignment()]
        last_ms = max((answer_ms for answer_ms in answers_ms if answer_ms is not None), default=None)
        return last_ms is None or time.time() * 1000 - last_ms < SILENT_AFTER_S * 1000


async def _leave_as_is(_message: KafkaMessage) -> None:
    """Decode nothing here: the consumer reads the raw records, each by itself."""

"""The declared topics on a real broker: made as declared, once, and never by themselves."""

import time
import uuid

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import InvalidReplicationFactorError

from shared.contracts.topics import COMPACTED, TOPICS, Topic
from shared.messaging.topics import create_topics


@pytest.fixture
def name() -> str:
    return f"test.{uuid.uuid4().hex[:12]}"


async def test_topics_are_made_once_with_their_settings(kafka_bootstrap: str, name: str) -> None:
    topic = Topic(name, COMPACTED, partitions=4)
    assert await create_topics(kafka_bootstrap, topics=[topic]) == [name]
    assert await create_topics(kafka_bootstrap, topics=[topic]) == []
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    try:
        [described] = await admin.describe_topics([name])
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    finally:
        await admin.close()
    assert len(described["partitions"]) == 4
    settings = {entry[0]: entry[1] for entry in answer.resources[0][4]}
    assert settings.items() >= COMPACTED.items()


async def test_what_the_broker_refuses_is_named(kafka_bootstrap: str, name: str) -> None:
    with pytest.raises(InvalidReplicationFactorError, match=name):
        await create_topics(kafka_bootstrap, replication=3, topics=[Topic(name)])


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
async def test_a_sender_whose_clock_is_ahead_is_not_refused(kafka_bootstrap: str, name: str, topic: Topic) -> None:
    await create_topics(kafka_bootstrap, topics=[Topic(name, topic.settings, partitions=1)])
    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
    await producer.start()
    try:
        ahead_ms = int(time.time() * 1000) + 86_400_000
        taken = await producer.send_and_wait(name, b"{}", key=b"key", timestamp_ms=ahead_ms)
    finally:
        await producer.stop()
    assert taken.timestamp < ahead_ms

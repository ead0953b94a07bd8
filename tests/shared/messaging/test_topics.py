"""The declared topics on a real broker: made as declared, once, and never by themselves."""

import uuid

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import InvalidReplicationFactorError

from shared.contracts.topics import COMPACTED, Topic
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

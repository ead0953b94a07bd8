"""Creating the declared topics, and checking those that are there."""

import asyncio
from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code

from shared.contracts.topics import TOPICS, Topic

WITHIN_S = 60.0
ALREADY_EXISTS = 36


async def create_topics(bootstrap: str, replication: int = 1, topics: Sequence[Topic] = TOPICS) -> list[str]:
    """Create the topics that are missing and wait until every partition has a leader; returns the new names.

    Raises: a KafkaError that names what the broker refused; TimeoutError after a minute.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","), request_timeout_ms=15_000)
    async with asyncio.timeout(WITHIN_S):
        await admin.start()
        try:
            wanted = [
                NewTopic(topic.name, topic.partitions, replication, topic_configs=topic.settings) for topic in topics
            ]
            response = await admin.create_topics(wanted)
            created = [answer[0] for answer in response.topic_errors if _was_created(answer)]
            await _leaders(admin, [topic.name for topic in topics])
            return created
        finally:
            await admin.close()


def _was_created(answer: tuple[str, int, str]) -> bool:
    name, code, message = answer[:3]
    if code not in (0, ALREADY_EXISTS):
        raise for_code(code)(f"{name}: {message}")
    return code == 0


async def _leaders(admin: AIOKafkaAdminClient, names: Sequence[str]) -> None:
    while True:
        described = await admin.describe_topics(names)
        leaders = [part["leader"] for topic in described for part in topic["partitions"]]
        if leaders and all(leader >= 0 for leader in leaders):
            return
        await asyncio.sleep(0.1)

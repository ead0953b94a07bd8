"""Topics without a past, on a broker that several tests use one after the other."""

import asyncio

from aiokafka.admin import AIOKafkaAdminClient

from shared.contracts.topics import TOPICS
from shared.messaging.topics import create_topics

WITHIN_S = 30.0
NAMES = [topic.name for topic in TOPICS]


async def emptied(bootstrap: str, replication: int = 1) -> None:
    """Delete the declared topics, and with them what groups remember of them; create the topics again."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    await admin.start()
    try:
        async with asyncio.timeout(WITHIN_S):
            if known := set(await admin.list_topics()) & set(NAMES):
                await admin.delete_topics(list(known))
            while set(await admin.list_topics()) & set(NAMES):
                await asyncio.sleep(0.05)
    finally:
        await admin.close()
    await create_topics(bootstrap, replication)

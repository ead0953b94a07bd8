"""Waiting until a Kafka cluster can do all that a client will ask of it, consumer groups included."""

import asyncio
from collections.abc import Sequence

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

PAUSE_S = 0.05
CONNECT_WITHIN_S = 1.0
GROUPS = ("a", "b", "c", "d")
"""Their names fall into the four partitions of the offsets topic, one each."""
ANY_PARTITION = TopicPartition("__consumer_offsets", 0)


async def accepts(address: str) -> bool:
    """Tell whether a broker takes connections; silent, where a client would log that it does not."""
    host, port = address.rsplit(":", 1)
    try:
        async with asyncio.timeout(CONNECT_WITHIN_S):
            _, writer = await asyncio.open_connection(host, int(port))
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def serves(addresses: Sequence[str]) -> bool:
    """Tell whether all brokers are in the cluster and each consumer group has a coordinator.

    Asking for a coordinator makes Kafka create its offsets topic, so that the first real group meets no error.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=list(addresses), request_timeout_ms=5_000)
    try:
        await admin.start()
        while not await _complete(admin, len(addresses)):
            await asyncio.sleep(PAUSE_S)
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()
    return True


async def _complete(admin: AIOKafkaAdminClient, brokers: int) -> bool:
    cluster = await admin.describe_cluster()
    if len(cluster["brokers"]) < brokers:
        return False
    try:
        return all([await _has_coordinator(admin, group) for group in GROUPS])
    except KafkaError as error:
        if error.retriable:
            return False
        raise


async def _has_coordinator(admin: AIOKafkaAdminClient, group: str) -> bool:
    # A coordinator that is still loading its partition answers without the partition we ask for.
    return ANY_PARTITION in await admin.list_consumer_group_offsets(group, partitions=[ANY_PARTITION])

"""What the broker says of a consumer group: who its members are, and how far it has read."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.commit import OffsetCommitRequest

ANSWERS_WITHIN_MS = 5_000


async def members_of(bootstrap: str, group: str) -> frozenset[str]:
    """Return the ids of the members that the broker counts to a group now."""
    async with _admin(bootstrap) as admin:
        (answer,) = await admin.describe_consumer_groups([group])
    return frozenset(member_id for _, _, _, _, _, members, *_ in answer.groups for member_id, *_ in members)


async def read_up_to(bootstrap: str, group: str) -> Mapping[TopicPartition, int]:
    """Return the offset that a group reads next, by partition."""
    async with _admin(bootstrap) as admin:
        committed = await admin.list_consumer_group_offsets(group)
    return {place: one.offset for place, one in committed.items()}


async def commit_as(bootstrap: str, group: str, member_id: str, topic: str) -> str:
    """Commit in the name of a member that the group once had; returns the name of the error, nothing where it is taken.

    It would set partition 0 back to its beginning.
    """
    async with _admin(bootstrap) as admin:
        request = OffsetCommitRequest(group, 1, member_id, -1, [(topic, [(0, 0, "")])])
        answer = await admin._send_request(request, await admin.find_coordinator(group))
    ((_, ((_, code),)),) = answer.topics
    return "" if code == 0 else for_code(code).__name__


def behind(offsets: Mapping[TopicPartition, int], places: Iterable[str], topics: Iterable[str]) -> int:
    """Count the places of these topics, each `topic/partition/offset`, that offsets have not passed."""
    heard, count = set(topics), 0
    for place in places:
        topic, partition, offset = place.split("/")
        if topic in heard:
            count += offsets.get(TopicPartition(topic, int(partition)), 0) <= int(offset)
    return count


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","), request_timeout_ms=ANSWERS_WITHIN_MS)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()

"""Events that carry a field which this version does not know, as one that comes after it may write them."""

import orjson

from shared.messaging.outbox import checksum_of
from tests.faults.injectors.held_relay import held_relay, next_unsent

UNSEALED = ".events"
MORE = {"of_a_later_version": {"counted": 1}}


async def widen_unsent(url: str, count: int) -> int:
    """Hold a service's relay until so many events wait, and give those that are not sealed a field more; count them."""
    async with held_relay(url) as connection:
        rows = [row for row in await next_unsent(connection, count) if row["topic"].endswith(UNSEALED)]
        for row in rows:
            payload = orjson.dumps({**orjson.loads(row["payload"]), **MORE})
            await connection.execute(
                "update outbox set payload = $2, checksum = $3 where id = $1 and sent_at is null",
                row["id"],
                payload,
                checksum_of(row["type"], str(row["event_id"]), row["key"], payload),
            )
    return len(rows)

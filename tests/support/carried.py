"""Events carried from the outbox of one service to the consumer of another, where no broker runs."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.messaging import outbox
from shared.messaging.batches import headers_of
from shared.messaging.outbox import TOMBSTONE, Row
from shared.web.service import Service


@dataclass
class Carried:
    """A record as a consumer reads it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Iterable[tuple[str, bytes | None]]


def record(row: Row, source: str, offset: int) -> Carried:
    """Return what the relay would have put into the topic."""
    value = None if row.type == TOMBSTONE else row.payload
    return Carried(row.topic, 0, offset, row.key.encode(), value, headers_of(row, source))


async def told(service: Service) -> list[Row]:
    """Return every row of a service's outbox, in the order they go out."""
    async with service.database.connection() as connection:
        return [unsent.row for unsent in await outbox.unsent(connection, 0, 1_000_000)]


async def carry(source: Service, target: Service) -> int:
    """Have one service read what another told; what it has read before changes nothing. Returns how many records."""
    assert target.consumer is not None
    rows = await told(source)
    records = [record(row, source.name, place) for place, row in enumerate(rows)]
    wanted = [one for one in records if one.topic in target.consumer.topics]
    await target.consumer.apply(wanted)
    return len(wanted)

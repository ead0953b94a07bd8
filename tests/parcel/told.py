"""What the parcel service told: the events of its outbox, opened where they are sealed, in the order they go out."""

from shared.contracts.envelope import Event
from shared.db.connection import Database
from shared.messaging import outbox
from shared.messaging.outbox import bound_to
from shared.sealing import KeyRing
from tests.contracts.events import all_events

TYPES = {event.type: event for event in all_events().values()}


async def events(database: Database, key_ring: KeyRing, key: str | None = None) -> list[Event]:
    """Return the events that wait in the outbox, or those of one key."""
    async with database.connection() as connection:
        rows = [unsent.row for unsent in await outbox.unsent(connection, 0, 100_000)]
    told = []
    for row in rows:
        if key in {None, row.key}:
            event_type = TYPES[row.type]
            plain = key_ring.open(row.payload, bound_to(row.topic, row.key)) if event_type.sealed else row.payload
            told.append(event_type.model_validate_json(plain))
    return told

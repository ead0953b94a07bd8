"""Events made for tests, the records they travel in, and a handler whose effects can be counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from shared.contracts.envelope import Event
from shared.db.connection import Database, Tx
from shared.messaging.outbox import Outbox, checksum_of
from shared.sealing import KeyRing

Headers = tuple[tuple[str, bytes | None], ...]
RING = KeyRing("k1", {"k1": b"1" * 32})
OTHER_RING = KeyRing("k2", {"k2": b"2" * 32})
PHONE = "+85512345678"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Note(Event):
    """A fact about an item."""

    topic: ClassVar[str] = "test.notes"
    type: ClassVar[str] = "test.noted.v1"
    owner: ClassVar[str] = "tracking"

    item: str
    number: int
    text: str = ""

    @property
    def key(self) -> str:
        """Return the item."""
        return self.item


class SecretNote(Note):
    """The same, sealed."""

    type: ClassVar[str] = "test.noted-in-secret.v1"
    sealed: ClassVar[bool] = True


class UnknownNote(Note):
    """A fact that nobody here handles."""

    type: ClassVar[str] = "test.unheard-of.v1"


def notes_on(name: str) -> type[Note]:
    """Return a note of a topic of its own."""

    class NoteElsewhere(Note):
        topic: ClassVar[str] = name

    return NoteElsewhere


def secrets_on(name: str) -> type[SecretNote]:
    """Return a sealed note of a topic of its own."""

    class SecretElsewhere(SecretNote):
        topic: ClassVar[str] = name

    return SecretElsewhere


@dataclass(slots=True)
class Sent:
    """A record as it is read from a topic."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Iterable[tuple[str, bytes | None]]


def headers_of(event: Event, payload: bytes, key: str | None = None) -> Headers:
    """Return fitting headers, whatever the payload."""
    checksum = checksum_of(event.type, str(event.event_id), event.key if key is None else key, payload)
    told = {"type": event.type, "id": str(event.event_id), "traceparent": TRACE, "checksum": checksum}
    return tuple((name, value.encode()) for name, value in told.items())


def record(event: Event, offset: int = 0, ring: KeyRing | None = RING) -> Sent:
    """Return the record that the relay would send."""
    payload = Outbox(event.owner, ring).row(event).payload
    return Sent(event.topic, 0, offset, event.key.encode(), payload, headers_of(event, payload))


def unfit(event: Event, offset: int, payload: bytes) -> Sent:
    """Return a record that is whole, yet holds something else than the event."""
    return Sent(event.topic, 0, offset, event.key.encode(), payload, headers_of(event, payload))


async def write_down(tx: Tx, notes: Sequence[Note]) -> None:
    """Write one row for each note."""
    await tx.execute(
        """
        insert into effect (event_id, item, number)
        select event_id, item, number from unnest($1::uuid[], $2::text[], $3::integer[]) with ordinality
            as note (event_id, item, number, place) order by place
        """,
        [note.event_id for note in notes],
        [note.item for note in notes],
        [note.number for note in notes],
    )


async def effects(database: Database) -> list[tuple[str, int]]:
    """Return item and number of each effect, in the order in which they were written."""
    async with database.connection() as tx:
        return [
            (row["item"], row["number"]) for row in await tx.fetch("select item, number from effect order by place")
        ]


async def figure(database: Database, query: str) -> int:
    """Return the one figure of a query."""
    async with database.connection() as tx:
        return int(await tx.fetchval(query))

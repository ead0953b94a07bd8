"""From a record of a topic to an event, or to the reason why it is none; never raises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.envelope import Event
from shared.messaging.dead_letters import Letter
from shared.messaging.outbox import bound_to, checksum_of
from shared.sealing import CannotOpen, KeyRing


class Record(Protocol):
    """What is read of a Kafka record."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Iterable[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event of a known type, with the record it came in."""

    event: Event
    letter: Letter


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that no retry will make readable."""

    letter: Letter
    reason: str


class Decoder:
    """Reads the events that a service knows; other types pass by."""

    def __init__(self, events: Iterable[type[Event]], key_ring: KeyRing | None = None) -> None:
        self._types: Mapping[str, type[Event]] = {event.type: event for event in events}
        self._key_ring = key_ring

    def read(self, record: Record) -> Arrived | Broken | None:
        """Return the event, why it is broken, or None for a tombstone or a whole record of a type not known here."""
        if record.value is None:
            return None
        letter = letter_of(record)
        if letter.type is None:
            return Broken(letter, "no readable type header")
        if letter.type not in self._types and _is_whole(letter):
            return None
        return self.read_letter(letter)

    def read_letter(self, letter: Letter) -> Arrived | Broken:
        """Read a record put aside earlier."""
        if not _is_whole(letter):
            return Broken(letter, "the checksum does not fit: the record was damaged")
        event_type = self._types.get(letter.type or "")
        if event_type is None:
            return Broken(letter, "a type that this service does not know")
        try:
            event = event_type.model_validate_json(self._plain(event_type, letter))
        except CannotOpen as error:
            return Broken(letter, f"cannot be opened: {error}")
        except ValidationError as error:
            return Broken(letter, _without_values(error))
        if event.event_id != letter.event_id or event.key != letter.key:
            return Broken(letter, "id or key of the record and of the event differ")
        return Arrived(event, letter)

    def _plain(self, event_type: type[Event], letter: Letter) -> bytes:
        if not event_type.sealed:
            return letter.payload
        if self._key_ring is None:
            raise CannotOpen("this service has no key ring")
        return self._key_ring.open(letter.payload, bound_to(letter.topic, letter.key or ""))


def letter_of(record: Record) -> Letter:
    """Keep a record as text and bytes that a database can hold, whatever it holds."""
    headers = {_text(name): _text(value or b"") for name, value in record.headers}
    key = None if record.key is None else _text(record.key)
    return Letter(
        record.topic,
        record.partition,
        record.offset,
        key,
        headers.get("type") or None,
        _uuid(headers.get("id")),
        headers,
        record.value or b"",
    )


def _is_whole(letter: Letter) -> bool:
    expected = checksum_of(letter.type or "", letter.headers.get("id", ""), letter.key or "", letter.payload)
    return letter.headers.get("checksum") == expected


def _text(raw: bytes | str) -> str:
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    return text.replace("\x00", "\\x00")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _without_values(error: ValidationError) -> str:
    """Say which fields failed and how; the values may be personal."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    named = [f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['type']}" for problem in problems[:5]]
    return f"does not fit its contract ({'; '.join(named)})"

"""From a record of a topic to an event, or to the reason why it is none; never raises."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.envelope import Event
from shared.messaging.dead_letters import Letter
from shared.messaging.outbox import bound_to, checksum_of, wire_checksum
from shared.sealing import CannotOpen, KeyRing


class Record(Protocol):
    """What is read of a Kafka record."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Iterable[tuple[str, bytes | None]]


@dataclass(slots=True)
class Arrived:
    """An event of a known type, the trace it came with, and the record it came in."""

    event: Event
    traceparent: str | None
    origin: "Record | Letter"

    @property
    def letter(self) -> Letter:
        """Return the record as it can be kept."""
        return self.origin if isinstance(self.origin, Letter) else letter_of(self.origin)


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that no retry will make readable."""

    letter: Letter
    reason: str


class Decoder:
    """Reads the events that a service knows; other types pass by."""

    def __init__(self, events: Iterable[type[Event]], key_ring: KeyRing | None = None) -> None:
        self._types: Mapping[str, type[Event]] = {event.type: event for event in events}
        self._wire_types = {name.encode(): event for name, event in self._types.items()}
        self._key_ring = key_ring

    def read(self, record: Record) -> Arrived | Broken | None:
        """Return the event, why it is broken, or None for a tombstone or a whole record of a type not known here."""
        return self._read_sound(record) or self._read_any(record)

    def _read_sound(self, record: Record) -> Arrived | None:
        """Return the event of a record that is as the relay writes it; says nothing of any other.

        Works on the bytes as they came: nearly all records are sound, and only the others are worth a letter.
        """
        headers = dict(record.headers)
        wire_type, event_id, key, value = headers.get("type"), headers.get("id"), record.key, record.value
        event_type = self._wire_types.get(wire_type or b"")
        if event_type is None or not wire_type or not event_id or key is None or value is None:
            return None
        if headers.get("checksum") != wire_checksum(wire_type, event_id, key, value):
            return None
        try:
            plain = self._plain(event_type, record.topic, key.decode(), value)
            event = event_type.model_validate_json(plain)
            traceparent = (headers.get("traceparent") or b"").decode()
        except (CannotOpen, ValidationError, UnicodeDecodeError):
            return None
        if str(event.event_id).encode() != event_id or event.key.encode() != key:
            return None
        return Arrived(event, traceparent, record)

    def _read_any(self, record: Record) -> Arrived | Broken | None:
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
            plain = self._plain(event_type, letter.topic, letter.key or "", letter.payload)
            event = event_type.model_validate_json(plain)
        except CannotOpen as error:
            return Broken(letter, f"cannot be opened: {error}")
        except ValidationError as error:
            return Broken(letter, _without_values(error))
        if event.event_id != letter.event_id or event.key != letter.key:
            return Broken(letter, "id or key of the record and of the event differ")
        return Arrived(event, letter.headers.get("traceparent"), letter)

    def _plain(self, event_type: type[Event], topic: str, key: str, payload: bytes) -> bytes:
        if not event_type.sealed:
            return payload
        if self._key_ring is None:
            raise CannotOpen("this service has no key ring")
        return self._key_ring.open(payload, bound_to(topic, key))


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

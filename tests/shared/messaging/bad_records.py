"""Every kind of record that no retry can make readable, each with a personal value in it."""

from collections.abc import Callable
from dataclasses import replace

from shared.ids import new_id
from shared.messaging.outbox import checksum_of
from tests.shared.messaging.notes import (
    OTHER_RING,
    PHONE,
    Note,
    SecretNote,
    Sent,
    headers_of,
    record,
    unfit,
)

DEEP = b"[" * 100_000


def note() -> Note:
    return Note(item="bad", number=1, text=PHONE)


def _other_headers(sent: Sent, **changed: bytes | None) -> Sent:
    return replace(sent, headers=tuple((name, changed.get(name, value)) for name, value in sent.headers))


def _without(sent: Sent, header: str) -> Sent:
    return replace(sent, headers=tuple(pair for pair in sent.headers if pair[0] != header))


def _other_key(offset: int) -> Sent:
    told = note()
    payload = told.model_dump_json().encode()
    return Sent(told.topic, 0, offset, PHONE.encode(), payload, headers_of(told, payload, key=PHONE))


def _nul_everywhere(offset: int) -> Sent:
    sent = record(note(), offset)
    return replace(sent, key=b"ba\x00d", headers=(*sent.headers, ("na\x00me", b"val\x00ue")))


def _number_as_text(offset: int) -> Sent:
    return unfit(note(), offset, b'{"item": "bad", "number": "' + PHONE.encode() + b'x", "text": {}}')


def _sealed_elsewhere(offset: int) -> Sent:
    sent = record(SecretNote(item="other", number=1, text=PHONE), offset)
    assert sent.value is not None
    here = SecretNote(item="bad", number=1)
    return unfit(here, offset, sent.value)


def _with_another_id(offset: int) -> Sent:
    told = note()
    payload, other = told.model_dump_json().encode(), str(new_id())
    checksum = checksum_of(told.type, other, told.key, payload)
    return _other_headers(record(told, offset), id=other.encode(), checksum=checksum.encode())


BAD: dict[str, Callable[[int], Sent]] = {
    "not JSON": lambda offset: unfit(note(), offset, b"\xff\xfe" + PHONE.encode()),
    "empty": lambda offset: unfit(note(), offset, b""),
    "another schema": _number_as_text,
    "a damaged payload": lambda offset: replace(record(note(), offset), value=b'{"text": "' + PHONE.encode() + b'"}'),
    "a damaged type": lambda offset: _other_headers(record(note(), offset), type=b"test.notfd.v1"),
    "no checksum": lambda offset: _without(record(note(), offset), "checksum"),
    "no type": lambda offset: _without(record(note(), offset), "type"),
    "a null type": lambda offset: _other_headers(record(note(), offset), type=None),
    "a type not UTF-8": lambda offset: _other_headers(record(note(), offset), type=b"\xff\xfe"),
    "an id not UTF-8": lambda offset: _other_headers(record(note(), offset), id=b"\xff" + PHONE.encode()),
    "a null id": lambda offset: _other_headers(record(note(), offset), id=None),
    "a null key": lambda offset: replace(record(note(), offset), key=None),
    "another key": _other_key,
    "another id": _with_another_id,
    "NUL bytes": _nul_everywhere,
    "an unknown sealing key": lambda offset: record(SecretNote(item="bad", number=1, text=PHONE), offset, OTHER_RING),
    "sealed for another item": _sealed_elsewhere,
    "not sealed at all": lambda offset: unfit(SecretNote(item="bad", number=1), offset, PHONE.encode()),
    "deep nesting": lambda offset: unfit(note(), offset, DEEP),
    "900 kB": lambda offset: unfit(note(), offset, b'"' + PHONE.encode() * 75_000 + b'"'),
}

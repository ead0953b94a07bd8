"""Records that no consumer must choke on: each kind of broken there is, made of a good event of a topic.

A record whose checksum does not fit is put aside by every reader of its topic; one that is whole, by those that apply
its type; one that is whole and of a type that nobody knows is passed over by all.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from shared.contracts.envelope import Event
from shared.ids import new_id
from shared.messaging.outbox import bound_to, checksum_of
from shared.sealing import KeyRing
from tests.faults.injectors.topics_by_hand import Written

LARGE_BYTES = 1_000_000
"""As large as the broker takes."""
OTHER_RING = KeyRing("other", {"other": bytes(32)})
GARBAGE = b"\x00\xff\xfe no event \x80"


class PutAsideBy(Enum):
    """Who must put a record aside."""

    EVERY_READER = "every reader of the topic"
    WHO_KNOWS_ITS_TYPE = "who applies its type"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Sample:
    """A good event that was never sent, and the ring that seals its topic."""

    event: Event
    ring: KeyRing

    @property
    def body(self) -> dict[str, Any]:
        """Return the event as JSON values."""
        found: dict[str, Any] = self.event.model_dump(mode="json")
        return found

    def whole(self, plain: bytes, *, key: bytes | None = None, sealed: bytes | None = None, **told: str) -> Written:
        """Return a record whose checksum fits, whatever is in it."""
        payload = plain if sealed is None else sealed
        if self.event.sealed and sealed is None:
            payload = self.ring.seal(plain, bound_to(self.event.topic, self.event.key))
        key = self.event.key.encode() if key is None else key
        names = {"type": self.event.type, "id": str(self.event.event_id), "source": self.event.owner} | told
        checksum = checksum_of(names["type"], names["id"], key.decode("utf-8", "backslashreplace"), payload)
        headers = [(name, text.encode()) for name, text in {**names, "checksum": checksum}.items()]
        return Written(self.event.topic, key, payload, headers)

    def good(self) -> Written:
        """Return the event as its service would send it."""
        return self.whole(self.event.model_dump_json().encode())

    def but(self, **changed: object) -> Written:
        """Return a whole record with other values in its body."""
        return self.whole(json.dumps(self.body | changed).encode())

    def without(self, header: str) -> Written:
        """Return the event without a header."""
        good = self.good()
        return Written(good.topic, good.key, good.value, [pair for pair in good.headers if pair[0] != header])

    def renamed(self, header: str, name: str) -> Written:
        """Return the event with another name for a header."""
        good = self.good()
        renamed = [(name if called == header else called, value) for called, value in good.headers]
        return Written(good.topic, good.key, good.value, renamed)

    def with_header(self, name: str, value: bytes | None) -> Written:
        """Return the event with a header behind the others, which counts if there is one of that name before it."""
        good = self.good()
        return Written(good.topic, good.key, good.value, [*good.headers, (name, value)])


Maker = Callable[[Sample], Written]

TO_EVERY_READER: Mapping[str, Maker] = {
    "no type": lambda one: one.without("type"),
    "a null type": lambda one: one.with_header("type", None),
    "an empty type": lambda one: one.with_header("type", b""),
    "a type whose name is not UTF-8": lambda one: one.renamed("type", "ty\udcffpe"),
    "a type not UTF-8": lambda one: one.with_header("type", b"\xff\xfe"),
    "two types": lambda one: one.with_header("type", b"another.v1"),
    "no checksum": lambda one: one.without("checksum"),
    "a null checksum": lambda one: one.with_header("checksum", None),
    "a wrong checksum": lambda one: one.with_header("checksum", b"0" * 32),
    "a checksum not UTF-8": lambda one: one.with_header("checksum", b"\xff" * 32),
    "no id": lambda one: one.without("id"),
    "an id not UTF-8": lambda one: one.with_header("id", b"\xff\xfe"),
    "a damaged value": lambda one: _other_value(one.good(), damaged(one.good().value or b"")),
    "another value": lambda one: _other_value(one.good(), GARBAGE),
    "a null key": lambda one: _other_key(one.good(), None),
    "a key not UTF-8": lambda one: _other_key(one.good(), b"\xff\xfe"),
    "the key of another": lambda one: _other_key(one.good(), b"CP000000179KH"),
    "no headers": lambda one: Written(one.good().topic, one.good().key, one.good().value, []),
}

TO_WHO_KNOWS_ITS_TYPE: Mapping[str, Maker] = {
    "not JSON": lambda one: one.whole(GARBAGE),
    "nothing": lambda one: one.whole(b""),
    "an empty object": lambda one: one.whole(b"{}"),
    "a list": lambda one: one.whole(b"[1, 2]"),
    "cut short": lambda one: one.whole(one.event.model_dump_json().encode()[:-9]),
    "deep nesting": lambda one: one.whole(b"[" * 100_000),
    "as large as may be": lambda one: one.whole(b'"' + b"x" * LARGE_BYTES + b'"'),
    "a lone surrogate": lambda one: one.whole(b'{"event_id": "\\ud800"}'),
    "a naive time": lambda one: one.but(time="2026-03-02T08:00:00"),
    "a time that is none": lambda one: one.but(time="soon"),
    "a time beyond all calendars": lambda one: one.but(time=10**30),
    "not a number": lambda one: one.but(time=float("nan")),
    "an id that is none": lambda one: one.but(event_id="7"),
    "another id in the body": lambda one: one.but(event_id=str(new_id())),
    "an id that is none in the header": lambda one: one.whole(one.event.model_dump_json().encode(), id="7"),
    "a key that is not its event's": lambda one: one.whole(one.event.model_dump_json().encode(), key=b"XX"),
}

WITH_A_VERSION: Mapping[str, Maker] = {
    "figures beyond all counters": lambda one: one.but(version=10**30, weight_g=10**30, journey_no=10**30),
    "a version that is a text": lambda one: one.but(version="one"),
}

ABOUT_AN_ITEM: Mapping[str, Maker] = {
    "a number whose check digit is wrong": lambda one: _numbered(one, "CP999999912KH"),
    "a number written otherwise": lambda one: _numbered(one, "cp 999 999 911 kh"),
    "a number that is none": lambda one: _numbered(one, "parcel"),
}

TO_WHO_OPENS_IT: Mapping[str, Maker] = {
    "sealed bytes broken": lambda one: one.whole(b"", sealed=damaged(one.good().value or b"")),
    "sealed bytes cut short": lambda one: one.whole(b"", sealed=(one.good().value or b"")[:9]),
    "sealed for another key": lambda one: one.whole(b"", sealed=_sealed(one, one.ring, "CP000000179KH")),
    "sealed with an unknown key": lambda one: one.whole(b"", sealed=_sealed(one, OTHER_RING, one.event.key)),
    "not sealed at all": lambda one: one.whole(b"", sealed=one.event.model_dump_json().encode()),
}

TO_NOBODY: Mapping[str, Maker] = {
    "a null value": lambda one: _other_value(one.good(), None),
    "a type that nobody knows": lambda one: one.whole(GARBAGE, type="another.fact.v1"),
    "a type of the future": lambda one: one.whole(b"{}", type=f"{one.event.type.rpartition('.')[0]}.v99"),
}


def kinds_for(event: type[Event]) -> list[tuple[str, Maker, PutAsideBy]]:
    """Return every kind that can be made of an event, with who must put it aside."""
    known = {**TO_WHO_KNOWS_ITS_TYPE, **(TO_WHO_OPENS_IT if event.sealed else {})}
    known |= WITH_A_VERSION if "version" in event.model_fields else {}
    known |= ABOUT_AN_ITEM if "item_number" in event.model_fields else {}
    by_reader = {
        PutAsideBy.EVERY_READER: TO_EVERY_READER,
        PutAsideBy.WHO_KNOWS_ITS_TYPE: known,
        PutAsideBy.NOBODY: TO_NOBODY,
    }
    return [(name, make, who) for who, makers in by_reader.items() for name, make in makers.items()]


def _numbered(one: Sample, number: str) -> Written:
    event = one.event.model_copy(update={"item_number": number})
    return replace(one, event=event).good()


def _other_value(one: Written, value: bytes | None) -> Written:
    return Written(one.topic, one.key, value, one.headers)


def _other_key(one: Written, key: bytes | None) -> Written:
    return Written(one.topic, key, one.value, one.headers)


def damaged(value: bytes) -> bytes:
    """Return bytes with one bit in the middle changed."""
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]


def _sealed(one: Sample, ring: KeyRing, key: str) -> bytes:
    return ring.seal(one.event.model_dump_json().encode(), bound_to(one.event.topic, key))

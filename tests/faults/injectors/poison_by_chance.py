"""Records broken by chance, made of good ones: damaged on their way, or whole and not what their type promises."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from pydantic import ValidationError

from services.notifications.entrypoints.consumers import HANDLERS
from services.parcel.posting.entrypoints import consumers as parcel
from services.tracking.entrypoints import consumers as tracking
from shared.access import directory
from shared.contracts.envelope import Event
from shared.ids import new_id
from shared.messaging.outbox import bound_to
from shared.sealing import KeyRing
from tests.faults.injectors.mutations import mutated
from tests.faults.injectors.poison import PutAsideBy, Sample
from tests.faults.injectors.topics_by_hand import Written
from tests.faults.invariants.log_and_topics import NO_SERVICE

EVENTS = (*parcel.handlers(NO_SERVICE), *tracking.handlers(NO_SERVICE), *HANDLERS, *directory.EVENTS)
KNOWN: Mapping[str, type[Event]] = {event.type: event for event in EVENTS}
"""Types that somebody applies."""
CHECKED_HEADERS = ("type", "id", "checksum")
"""What the checksum of a record covers besides key and value, and itself."""

Broken = tuple[Written, PutAsideBy]


def broken(chance: random.Random, good: Written, ring: KeyRing) -> Broken:
    """Return a good record broken in one of the ways that fit it, and who must put it aside."""
    event_type = KNOWN.get(_header(good, "type").decode())
    if event_type is None or not good.value:
        return damaged(chance, good), PutAsideBy.EVERY_READER
    event = event_type.model_validate_json(_plain(good, event_type, ring))
    # The id of an event that is known already would be passed over, whatever else is told under it.
    one = Sample(event.model_copy(update={"event_id": new_id()}), ring)
    ways: list[Callable[[], Broken]] = [
        lambda: (damaged(chance, good), PutAsideBy.EVERY_READER),
        lambda: (one.whole(unreadable(chance, one.event)), PutAsideBy.WHO_KNOWS_ITS_TYPE),
    ]
    if event_type.sealed:
        sealed = one.good().value or b""
        ways.append(lambda: (one.whole(b"", sealed=mutated(chance, sealed)), PutAsideBy.WHO_KNOWS_ITS_TYPE))
    return chance.choice(ways)()


def damaged(chance: random.Random, good: Written) -> Written:
    """Return a record with one part changed that its checksum covers."""
    part = chance.choice(("key", "value", *CHECKED_HEADERS))
    if part == "key":
        return replace(good, key=mutated(chance, good.key or b""))
    if part == "value":
        return replace(good, value=mutated(chance, good.value or b""))
    headers = [(name, mutated(chance, value or b"") if name == part else value) for name, value in good.headers]
    return replace(good, headers=headers)


def unreadable(chance: random.Random, event: Event) -> bytes:
    """Return the body of an event changed so that it is no event of its type any more, or another one than it says."""
    plain = event.model_dump_json().encode()
    while _is_still(event, other := mutated(chance, plain)):
        pass
    return other


def _is_still(event: Event, plain: bytes) -> bool:
    try:
        read = type(event).model_validate_json(plain)
    except ValidationError:
        return False
    return (read.event_id, read.key) == (event.event_id, event.key)


def _plain(good: Written, event_type: type[Event], ring: KeyRing) -> bytes:
    value = good.value or b""
    return ring.open(value, bound_to(good.topic, (good.key or b"").decode())) if event_type.sealed else value


def _header(record: Written, name: str) -> bytes:
    return dict(record.headers).get(name) or b""

"""What people are told: I8."""

from collections import Counter
from collections.abc import Callable, Iterator

import orjson

from services.notifications.domain.message import FINAL, MOST_ATTEMPTS, State
from services.notifications.domain.milestones import tellings
from shared.contracts.parcel import ParcelChangedV1, ParcelRegisteredV1
from shared.contracts.tracking import ParcelMovedV1
from tests.faults.evidence import Evidence, MessageRow

Telling = tuple[str, int, str, str]


def i8_every_message_ends(evidence: Evidence) -> Iterator[str]:
    """A message is sent, failed, expired or unknown, after a bounded number of tries, and told so once."""
    told = Counter(orjson.loads(row.payload)["message_id"] for row in evidence.outboxes.get("notifications", ()))
    for message in evidence.messages:
        if State(message.state) not in FINAL:
            yield f"I8 message {message.message_id} is still {message.state}"
        elif told[str(message.message_id)] != 1:
            yield f"I8 the end of message {message.message_id} was told {told[str(message.message_id)]} times"
        if message.attempts > MOST_ATTEMPTS:
            yield f"I8 message {message.message_id} was tried {message.attempts} times"


def i8_nobody_is_told_twice(evidence: Evidence) -> Iterator[str]:
    """A phone shows each milestone of a parcel once; a message is sent no more often than it was tried."""
    shown = Counter(_telling(message) for message in evidence.messages if message.received)
    yield from (f"I8 {telling} was shown {times} times" for telling, times in shown.items() if times > 1)
    for message in evidence.messages:
        if message.received > message.attempts:
            yield f"I8 message {message.message_id} came {message.received} times in {message.attempts} tries"
        if message.state == State.ACCEPTED and not message.received:
            yield f"I8 message {message.message_id} was accepted and never shown"


def i8_everybody_is_told(evidence: Evidence) -> Iterator[str]:
    """There is a message for each milestone that a journey came to, and for nothing else."""
    due = {
        (moved.item_number, moved.journey_no, telling.milestone.value, telling.audience.value)
        for row in evidence.outboxes.get("tracking", ())
        if row.type == ParcelMovedV1.type
        for moved in [ParcelMovedV1.model_validate_json(row.payload)]
        for telling in tellings(moved)
    }
    there = {_telling(message) for message in evidence.messages}
    yield from (f"I8 nobody was told {telling}" for telling in sorted(due - there))
    yield from (f"I8 {telling} was told and did not happen" for telling in sorted(there - due))


def i4_people_are_as_they_were_corrected_last(evidence: Evidence) -> Iterator[str]:
    """Whom notifications would tell is what parcel told last, whatever came again later."""
    told: dict[str, int] = {}
    for row in evidence.outboxes.get("parcel", ()):
        if row.type in {ParcelRegisteredV1.type, ParcelChangedV1.type}:
            told[row.key] = max(told.get(row.key, 0), orjson.loads(row.payload)["version"])
    for number, version in told.items():
        if evidence.contacts.get(number, 0) < version:
            yield f"I4 notifications knows version {evidence.contacts.get(number)} of the people of {number}"


def _telling(message: MessageRow) -> Telling:
    return (message.item_number, message.journey_no, message.milestone, message.audience)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i8_every_message_ends,
    i8_nobody_is_told_twice,
    i8_everybody_is_told,
    i4_people_are_as_they_were_corrected_last,
)

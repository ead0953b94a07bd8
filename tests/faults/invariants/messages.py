"""What people are told: I8."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from services.notifications.domain.message import FINAL, MOST_ATTEMPTS, State
from services.notifications.domain.milestones import Audience, deadline_of, tellings
from shared.contracts.parcel import ParcelChangedV1, ParcelRegisteredV1
from shared.contracts.tracking import ParcelMovedV1
from tests.faults.evidence import ContactRow, Evidence, MessageRow
from tests.faults.invariants.registrations import recipients

Telling = tuple[str, int, str, str]
TOLD_BY = ("name", "phone", "language")


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
    """A phone shows each milestone of a parcel once; a message is sent no more often than it was tried.

    Two phones show the same one only where the recipient's was corrected.
    """
    shown = Counter((_telling(message), message.phone) for message in evidence.messages if message.received)
    yield from (f"I8 {telling} was shown {times} times" for (telling, _), times in shown.items() if times > 1)
    phones = {number: {person.phone for _, person in people} for number, people in recipients(evidence).items()}
    for telling, on in Counter(telling for telling, _ in shown).items():
        had = len(phones.get(telling[0], ())) if telling[3] == Audience.RECIPIENT else 1
        if on > max(had, 1):
            yield f"I8 {telling} was shown on {on} phones of {had}"
    for message in evidence.messages:
        if message.received > message.attempts:
            yield f"I8 message {message.message_id} came {message.received} times in {message.attempts} tries"
        if message.state == State.ACCEPTED and not message.received:
            yield f"I8 message {message.message_id} was accepted and never shown"


def i8_messages_come_to_whom_they_are_for(evidence: Evidence) -> Iterator[str]:
    """The phone that shows a message is the sender's, or one that the recipient had when somebody asked."""
    phones: dict[tuple[str, str], set[str]] = defaultdict(set)
    for parcel in evidence.parcels:
        sender: Any = parcel.content["sender"]
        phones[parcel.item_number, Audience.SENDER].add(sender["phone"])
    for number, people in recipients(evidence).items():
        phones[number, Audience.RECIPIENT] |= {person.phone for _, person in people}
    for message in evidence.messages:
        if message.received and message.phone not in phones[message.item_number, message.audience]:
            yield f"I8 message {message.message_id} came to a phone that is not the {message.audience}'s"


def i8_everybody_is_told(evidence: Evidence) -> Iterator[str]:
    """There is a message for each milestone that a journey came to, and for nothing else."""
    due = _deadlines(evidence).keys()
    there = {_telling(message) for message in evidence.messages}
    yield from (f"I8 nobody was told {telling}" for telling in sorted(due - there))
    yield from (f"I8 {telling} was told and did not happen" for telling in sorted(there - due))


def i8_every_message_is_accepted_in_time(evidence: Evidence) -> Iterator[str]:
    """The channel here takes whatever comes: a message is accepted, unless its deadline was over before.

    A deadline is as long after the event as its news is worth telling; nothing is sent after it.
    """
    due = _deadlines(evidence)
    for message in evidence.messages:
        name, times = f"I8 message {message.message_id}", message.times
        deadlines = due.get(_telling(message), {times.deadline})
        if times.deadline not in deadlines:
            yield f"{name} has the deadline {times.deadline}, due is {min(deadlines)}"
        late = [at for at in (*times.tried_at, times.shown_at) if at and at > times.deadline]
        yield from (f"{name} was sent {(at - times.deadline).total_seconds():.1f} s after its deadline" for at in late)
        if message.state == State.ACCEPTED or State(message.state) not in FINAL:
            continue
        if message.state != State.EXPIRED or not times.ended_at or times.ended_at < times.deadline:
            yield f"{name} ended {message.state} before its deadline"


def i4_people_are_as_they_were_corrected_last(evidence: Evidence) -> Iterator[str]:
    """Whom notifications would tell is what parcel told last, whatever came again later."""
    known = _known(evidence)
    for number, version in last_told(evidence).items():
        for audience in Audience.SENDER, Audience.RECIPIENT:
            there = known.get((number, audience))
            if there is None or there.version < version:
                yield f"I4 notifications knows version {there and there.version} of the {audience} of {number}"


def i4_people_are_known_by_what_parcel_keeps(evidence: Evidence) -> Iterator[str]:
    """Name, phone and language of whom notifications would tell are those that I1 holds against what was asked."""
    known = _known(evidence)
    for parcel in evidence.parcels:
        people: dict[str, Any] = {Audience.SENDER: parcel.content["sender"], Audience.RECIPIENT: parcel.recipient}
        for audience, person in people.items():
            there = known.get((parcel.item_number, audience))
            if there and (there.name, there.phone, there.language) != tuple(person[name] for name in TOLD_BY):
                yield f"I4 notifications knows another {audience} of {parcel.item_number} than parcel"


def last_told(evidence: Evidence) -> dict[str, int]:
    """Return the version at which each parcel last told its people."""
    told: dict[str, int] = {}
    for row in evidence.outboxes.get("parcel", ()):
        if row.type in {ParcelRegisteredV1.type, ParcelChangedV1.type}:
            told[row.key] = max(told.get(row.key, 0), orjson.loads(row.payload)["version"])
    return told


def _known(evidence: Evidence) -> Mapping[tuple[str, str], ContactRow]:
    return {(row.item_number, row.audience): row for row in evidence.contacts}


def _deadlines(evidence: Evidence) -> Mapping[Telling, set[datetime]]:
    """Return until when each telling is worth sending, by the events that ask for it."""
    found: dict[Telling, set[datetime]] = defaultdict(set)
    for row in evidence.outboxes.get("tracking", ()):
        if row.type == ParcelMovedV1.type:
            moved = ParcelMovedV1.model_validate_json(row.payload)
            for telling in tellings(moved):
                key = (moved.item_number, moved.journey_no, telling.milestone.value, telling.audience.value)
                found[key].add(deadline_of(moved, telling.milestone))
    return found


def _telling(message: MessageRow) -> Telling:
    return (message.item_number, message.journey_no, message.milestone, message.audience)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i8_every_message_ends,
    i8_nobody_is_told_twice,
    i8_messages_come_to_whom_they_are_for,
    i8_everybody_is_told,
    i8_every_message_is_accepted_in_time,
    i4_people_are_as_they_were_corrected_last,
    i4_people_are_known_by_what_parcel_keeps,
)

"""What the counters were promised: I1, I2, I6, I7 and I13."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import orjson

from onebox.simulator.history import Call, Kind, Outcome
from services.parcel.posting.domain.person import Person
from services.parcel.posting.entrypoints.bodies import PersonBody, RegisterBody
from shared.contracts.parcel import CONTACTS_TOPIC
from shared.s10 import InvalidItemNumber, ItemNumber
from tests.faults.evidence import BlockRow, Evidence, OutboxRow, ParcelRow

REGISTERED, CHANGED, CANCELLED = "parcel.registered.v1", "parcel.changed.v1", "parcel.cancelled.v1"
CONTACTS = "parcel.contacts.v1"
NOT_CONTENT = {"office", "recipient", "shape"}


def i1_every_promise_is_kept_once(evidence: Evidence) -> Iterator[str]:
    """Each 201 is there once with what was asked, each unknown at most once, nothing that was refused."""
    kept, parcels = Counter(row.key for row in evidence.requests), {row.item_number: row for row in evidence.parcels}
    numbers = {row.key: row.item_number for row in evidence.requests}
    for key, calls in _registrations(evidence).items():
        answered = [call for call in calls if call.outcome is Outcome.OK]
        if kept[key] > 1:
            yield f"I1 key {key} is kept {kept[key]} times"
        if not answered and not any(call.outcome is Outcome.UNKNOWN for call in calls) and kept[key]:
            yield f"I1 key {key} was refused and is there all the same"
        for call in answered[:1]:
            yield from _kept_as_asked(call, parcels.get(str(call.answer["item_number"])), numbers.get(key))
    for number, times in Counter(row.item_number for row in evidence.requests if row.item_number).items():
        if times > 1:
            yield f"I1 {number} was given {times} times"


def i2_parcels_and_their_events_belong_together(evidence: Evidence) -> Iterator[str]:
    """A parcel has the events that its version counts, each version once; no event is without its parcel."""
    events: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in evidence.outboxes.get("parcel", ()):
        if row.type in {REGISTERED, CHANGED, CANCELLED, CONTACTS}:
            events[row.key].append(row)
    for parcel in evidence.parcels:
        yield from _told_as_it_is(parcel, events.pop(parcel.item_number, []), again=CONTACTS_TOPIC in evidence.wiped)
    yield from (f"I2 {number} has events and no parcel" for number in events)
    parcels = {row.item_number for row in evidence.parcels}
    requested = {row.item_number for row in evidence.requests}
    yield from (f"I2 {number} is there without its request" for number in sorted(parcels - requested))


def i6_one_key_has_one_answer(evidence: Evidence) -> Iterator[str]:
    """Whoever asks again with the same key and body reads the same; with another body, 422."""
    kept = {row.key: row.answer for row in evidence.requests}
    for key, calls in _registrations(evidence).items():
        answers = [_answer(call) for call in calls if call.outcome is Outcome.OK]
        if any(answer != answers[0] for answer in answers):
            yield f"I6 key {key} was answered in {len({orjson.dumps(one) for one in answers})} ways"
        if answers and key in kept and kept[key] != answers[0]:
            yield f"I6 key {key} was answered otherwise than it is kept"
        bodies = {orjson.dumps(call.asked): call for call in calls if call.outcome is Outcome.OK}
        if len(bodies) > 1 and len({content_of(call) for call in bodies.values()}) > 1:
            yield f"I6 key {key} was taken with {len(bodies)} bodies"


def i7_numbers_are_unique_and_from_their_blocks(evidence: Evidence) -> Iterator[str]:
    """Each number is valid, given once, and out of a block of its office; blocks do not overlap."""
    blocks = sorted(evidence.blocks, key=lambda block: (block.indicator, block.first_serial))
    for before, after in pairwise(blocks):
        if before.indicator == after.indicator and after.first_serial <= before.last_serial:
            yield f"I7 two blocks hold {after.indicator} {after.first_serial}"
    for text, times in Counter(row.item_number for row in evidence.parcels).items():
        if times > 1:
            yield f"I7 {text} is there {times} times"
    for parcel in evidence.parcels:
        try:
            number = ItemNumber.parse(parcel.item_number)
        except InvalidItemNumber:
            yield f"I7 {parcel.item_number} is no item number"
            continue
        if not any(_was_given_from(number, parcel.office, block) for block in blocks):
            yield f"I7 {parcel.item_number} is from no block of {parcel.office}"


def i13_no_yes_is_false(evidence: Evidence) -> Iterator[str]:
    """What was acknowledged is in the database; what could not be done was answered with 503, never 500."""
    parcels = {row.item_number: row for row in evidence.parcels}
    cancelled = {row.key for row in evidence.outboxes.get("parcel", ()) if row.type == CANCELLED}
    scans = {str(scan.scan_id) for log in evidence.scans.values() for scan in log}
    for call in evidence.history.calls:
        if call.status is not None and call.status >= 500 and call.status != 503:
            yield f"I13 {call.kind} {call.key} was answered {call.status} {call.reason}"
        if call.outcome is not Outcome.OK:
            continue
        if call.kind is Kind.CANCEL and call.key not in cancelled:
            yield f"I13 {call.key} was cancelled, said the answer"
        if call.kind is Kind.CORRECT and call.answer["version"] > getattr(parcels.get(call.key), "version", 0):
            yield f"I13 {call.key} was corrected, said the answer"
        if call.kind in {Kind.SCAN, Kind.SCAN_BATCH}:
            yield from (f"I13 scan {one} was recorded, said the answer" for one in recorded(call) if one not in scans)


def recorded(call: Call) -> list[str]:
    """Return the ids of the scans that an answer says are recorded."""
    results = [call.answer] if call.kind is Kind.SCAN else call.answer["results"]
    return [str(one["scan_id"]) for one in results if one["result"] != "refused"]


def content_of(call: Call) -> str:
    """Return the digest of what a counter asked to register, as the service reads it."""
    command = asdict(RegisterBody.model_validate(call.asked).command(""))
    return digest({name: value for name, value in command.items() if name not in NOT_CONTENT})


def digest(content: Mapping[str, Any]) -> str:
    """Return what tells two contents apart."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def _registrations(evidence: Evidence) -> dict[str, list[Call]]:
    calls: dict[str, list[Call]] = defaultdict(list)
    for call in evidence.history.of(Kind.REGISTER):
        calls[call.key].append(call)
    return calls


def _answer(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.answer.items() if name != "retry_after_s"}


def _kept_as_asked(call: Call, parcel: ParcelRow | None, kept_number: str | None) -> Iterator[str]:
    number = str(call.answer["item_number"])
    if parcel is None or kept_number != number:
        yield f"I1 {number} of key {call.key} is not there"
    elif digest(parcel.content) != content_of(call):
        yield f"I1 {number} of key {call.key} is not what was asked"


def i1_recipients_are_who_they_were_corrected_to(evidence: Evidence) -> Iterator[str]:
    """A recipient is the one of the last correction that was acknowledged, or of one whose end is unknown."""
    people: dict[str, list[tuple[bool, Person]]] = defaultdict(list)
    countries = {}
    for call in evidence.history.of(Kind.REGISTER, Outcome.OK):
        command = RegisterBody.model_validate(call.asked).command("")
        number = str(call.answer["item_number"])
        countries[number] = command.destination_country
        people[number] = [(True, command.recipient)]
    for call in evidence.history.of(Kind.CORRECT):
        if call.key in countries and call.outcome is not Outcome.REFUSED:
            person = PersonBody.model_validate(call.asked).person("recipient", countries[call.key])
            people[call.key].append((call.outcome is Outcome.OK, person))
    for parcel in evidence.parcels:
        known = people.get(parcel.item_number, [])
        last = next((person for sure, person in reversed(known) if sure), None)
        may_be = [digest(asdict(person)) for sure, person in known if not sure or person is last]
        if known and digest(parcel.recipient) not in may_be:
            yield f"I1 the recipient of {parcel.item_number} is not the one of the last correction"


def _told_as_it_is(parcel: ParcelRow, events: list[OutboxRow], *, again: bool) -> Iterator[str]:
    number, of_type = parcel.item_number, Counter(row.type for row in events)
    if of_type[REGISTERED] != 1:
        yield f"I2 {number} was told {of_type[REGISTERED]} times as registered"
    if of_type[REGISTERED] + of_type[CHANGED] + of_type[CANCELLED] != parcel.version:
        yield f"I2 {number} has version {parcel.version} and {sum(of_type.values()) - of_type[CONTACTS]} events"
    # Contacts that a broker lost are told again from the row as it is now.
    if of_type[CONTACTS] < 1 + of_type[CHANGED] or (of_type[CONTACTS] > 1 + of_type[CHANGED] and not again):
        yield f"I2 {number} told its contacts {of_type[CONTACTS]} times"
    versions = sorted(orjson.loads(row.payload)["version"] for row in events if row.type != CONTACTS)
    if versions != list(range(1, parcel.version + 1)):
        yield f"I2 {number} told the versions {versions}"


def _was_given_from(number: ItemNumber, office: str, block: BlockRow) -> bool:
    return (
        (block.indicator, block.office) == (number.indicator, office)
        and block.first_serial <= number.serial <= block.last_serial
        and number.serial < block.next_serial
    )


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i1_every_promise_is_kept_once,
    i1_recipients_are_who_they_were_corrected_to,
    i2_parcels_and_their_events_belong_together,
    i6_one_key_has_one_answer,
    i7_numbers_are_unique_and_from_their_blocks,
    i13_no_yes_is_false,
)

"""Compacted topics that a broker lost with its disk, held against what parcel keeps: I3."""

from collections.abc import Callable, Iterator, Mapping

import orjson

from shared.contracts import directory
from shared.contracts.parcel import CONTACTS_TOPIC
from tests.faults.evidence import Evidence, ParcelRow, TopicRecord
from tests.faults.invariants.log_and_topics import place
from tests.faults.invariants.messages import TOLD_BY, last_told

NOT_OF_THE_ENTRY = frozenset({"event_id", "time"})
"""An entry may be told again by another event, later."""


def i3_the_directory_is_filled_again(evidence: Evidence) -> Iterator[str]:
    """The last record of each key is the entry that parcel has now."""
    if directory.TOPIC not in evidence.wiped:
        return
    last = _last(evidence, directory.TOPIC)
    for key, entry in evidence.directory.items():
        if key not in last:
            yield f"I3 {directory.TOPIC} was not filled again with {key}"
        elif _of_the_entry(orjson.loads(last[key].payload)) != _of_the_entry(entry):
            yield f"I3 the last record of {key} in {directory.TOPIC} is not what parcel keeps"


def i3_contacts_are_filled_again(evidence: Evidence) -> Iterator[str]:
    """The last record of each parcel opens, and tells of its people as they are, at no older version than it told."""
    if CONTACTS_TOPIC not in evidence.wiped:
        return
    last, told = _last(evidence, CONTACTS_TOPIC), last_told(evidence)
    for parcel in evidence.parcels:
        number = parcel.item_number
        if number not in last:
            yield f"I3 {CONTACTS_TOPIC} was not filled again with {number}"
            continue
        there = evidence.contacts_at.get(place(last[number]), ())
        # Not the people: this is printed.
        if {row.audience: tuple(getattr(row, name) for name in TOLD_BY) for row in there} != _people(parcel):
            yield f"I3 the last record of {number} in {CONTACTS_TOPIC} tells of others than parcel"
        elif not all(told.get(number, 1) <= row.version <= parcel.version for row in there):
            yield f"I3 the last record of {number} in {CONTACTS_TOPIC} has version {there[0].version}"


def _last(evidence: Evidence, topic: str) -> Mapping[str, TopicRecord]:
    """Return what a topic keeps of each key when it is compacted, but for what the fault put there."""
    records = [one for one in evidence.records if one.topic == topic and place(one) not in evidence.planted]
    return {one.key: one for one in sorted(records, key=lambda one: (one.partition, one.offset))}


def _of_the_entry(body: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if name not in NOT_OF_THE_ENTRY}


def _people(parcel: ParcelRow) -> dict[str, tuple[object, ...]]:
    people: Mapping[str, object] = {"sender": parcel.content["sender"], "recipient": parcel.recipient}
    return {
        audience: tuple(person[name] for name in TOLD_BY)
        for audience, person in people.items()
        if isinstance(person, Mapping)
    }


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i3_the_directory_is_filled_again,
    i3_contacts_are_filled_again,
)

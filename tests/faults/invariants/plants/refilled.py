"""Compacted topics that were not filled again, or with what is no longer so: I3."""

from dataclasses import replace

import orjson

from shared.contracts import directory
from shared.contracts.parcel import CONTACTS_TOPIC
from tests.faults.evidence import Evidence
from tests.faults.invariants.log_and_topics import place
from tests.faults.invariants.planting import planted


def wiped(evidence: Evidence) -> None:
    evidence.wiped = frozenset({directory.TOPIC, CONTACTS_TOPIC})


def never_filled(evidence: Evidence, topic: str) -> None:
    wiped(evidence)
    evidence.records = [one for one in evidence.records if one.topic != topic]


def only_the_first_contacts(evidence: Evidence) -> None:
    wiped(evidence)
    first = next(one for one in evidence.records if one.topic == CONTACTS_TOPIC)
    evidence.records = [one for one in evidence.records if one.topic != CONTACTS_TOPIC or one is first]


@planted("I3", "a directory that a broker lost and nobody filled again", says="parcel.directory was not filled again")
def _no_directory(evidence: Evidence) -> None:
    never_filled(evidence, directory.TOPIC)


@planted("I3", "contacts that a broker lost and nobody filled again", says="parcel.contacts was not filled again")
def _no_contacts(evidence: Evidence) -> None:
    never_filled(evidence, CONTACTS_TOPIC)


@planted(
    "I3", "a directory that was filled again as it was before", says="in parcel.directory is not what parcel keeps"
)
def _old_entry(evidence: Evidence) -> None:
    wiped(evidence)
    evidence.directory = {key: {**entry, "version": 2} for key, entry in evidence.directory.items()}


@planted("I3", "an entry of the directory whose older version comes last", says="is not what parcel keeps")
def _old_entry_last(evidence: Evidence) -> None:
    wiped(evidence)
    entry = next(one for one in evidence.records if one.topic == directory.TOPIC)
    older = orjson.dumps({**orjson.loads(entry.payload), "version": 0})
    evidence.records = [*evidence.records, replace(entry, offset=entry.offset + 1, payload=older)]


@planted("I3", "contacts that were filled again as they were before a correction", says="tells of others than parcel")
def _old_people(evidence: Evidence) -> None:
    only_the_first_contacts(evidence)


@planted("I3", "contacts that were filled again and do not open", says="tells of others than parcel")
def _do_not_open(evidence: Evidence) -> None:
    wiped(evidence)
    evidence.contacts_at = {}


@planted("I3", "contacts that were filled again at an older version", says="in parcel.contacts has version 1")
def _old_version(evidence: Evidence) -> None:
    only_the_first_contacts(evidence)
    (first,) = [one for one in evidence.records if one.topic == CONTACTS_TOPIC]
    evidence.contacts_at = {place(first): [replace(row, version=1) for row in evidence.contacts]}

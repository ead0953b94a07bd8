"""Names, phones and addresses stay where they belong: I16."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from onebox.simulator.history import Call, Kind, Outcome
from services.parcel.addresses.domain.phones import e164
from tests.faults.evidence import Evidence, TopicRecord

DIGITS = re.compile(r"(?<![0-9a-f-])\+?[0-9]{8,15}(?![0-9a-f-])")
SHORTEST_WORD = 6
"""A shorter name could be part of anything."""
FOR_ANYBODY = frozenset({Kind.READ_JOURNEY, Kind.SCAN, Kind.SCAN_BATCH})
"""Answers that name no person; others show a parcel to the staff of its office, unless they refuse."""


def i16_nobody_is_named(evidence: Evidence) -> Iterator[str]:
    """No name, phone or address of the load is in a topic, a log, a dead letter, a measure, an error or a timeline."""
    names, phones = canaries(evidence)
    for where, text in _texts(evidence):
        digits = {found.lstrip("+") for found in DIGITS.findall(text)}
        yield from (f"I16 {where} holds the phone {phone}" for phone in sorted(digits & phones))
        yield from (f"I16 {where} holds the name {name!r}" for name in sorted(names) if name in text)


def canaries(evidence: Evidence) -> tuple[set[str], set[str]]:
    """Return the names and address lines that the load used, and its phones, in every way they are written."""
    names, phones = set(), set()
    for call in evidence.history.of(Kind.REGISTER):
        for person, country in ((call.asked["sender"], "KH"), (call.asked["recipient"], _country(call.asked))):
            names |= _names(person)
            phones |= _phones(person, country)
    for call in evidence.history.of(Kind.ASK_CODE):
        phones |= _phones(call.asked, "KH")
    for call in evidence.history.of(Kind.CORRECT):
        names |= _names(call.asked)
        phones |= _phones(call.asked, "KH")
    return names, phones


def _country(asked: Mapping[str, Any]) -> str:
    return str(asked.get("destination_country", "KH"))


def _names(person: Mapping[str, Any]) -> set[str]:
    """Return a name and address lines as they are, and as JSON may escape them."""
    lines = {text for text in [person["name"], *person.get("address", ())] if len(text) >= SHORTEST_WORD}
    return lines | {json.dumps(line)[1:-1] for line in lines}


def _phones(person: Mapping[str, Any], country: str) -> set[str]:
    written = str(person["phone"])
    try:
        full = e164(written, country).lstrip("+")
    except ValueError:
        full = written
    return {full, re.sub(r"\D", "", written)}


def _texts(evidence: Evidence) -> Iterator[tuple[str, str]]:
    yield from evidence.texts.items()
    topics: dict[str, list[bytes]] = defaultdict(list)
    for record in evidence.records:
        topics[record.topic].append(record.payload + b"\n" + _beside(record))
    yield from ((topic, b"\n".join(values).decode("utf-8", "replace")) for topic, values in topics.items())
    for row in evidence.dead_letters:
        yield f"dead letter of {row.service}", f"{row.reason}\n{row.beside}\n{row.payload.decode('utf-8', 'replace')}"
    answers: dict[str, list[bytes]] = defaultdict(list)
    for call in filter(_names_nobody, evidence.history.calls):
        answers[f"an answer to {call.kind}"].append(orjson.dumps(call.answer))
    yield from ((where, b"\n".join(bodies).decode()) for where, bodies in answers.items())


def _beside(record: TopicRecord) -> bytes:
    return "\n".join([record.key, *(f"{name}: {value}" for name, value in record.headers)]).encode()


def _names_nobody(call: Call) -> bool:
    return call.kind in FOR_ANYBODY or call.outcome is not Outcome.OK


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (i16_nobody_is_named,)

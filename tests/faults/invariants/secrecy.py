"""Names, phones and addresses stay where they belong: I16."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from onebox.simulator.history import Kind
from services.parcel.addresses.domain.phones import e164
from tests.faults.evidence import Evidence

DIGITS = re.compile(r"(?<![0-9a-f-])\+?[0-9]{8,15}(?![0-9a-f-])")
SHORTEST_WORD = 6
"""A shorter name could be part of anything."""


def i16_nobody_is_named(evidence: Evidence) -> Iterator[str]:
    """No name, phone or address of the load stands in any topic, a log, a dead letter or a page of measures."""
    names, phones = canaries(evidence)
    for where, text in _texts(evidence):
        digits = {found.lstrip("+") for found in DIGITS.findall(text)}
        yield from (f"I16 {where} holds the phone {phone}" for phone in sorted(digits & phones))
        yield from (f"I16 {where} holds the name {name!r}" for name in sorted(names) if name in text)


def canaries(evidence: Evidence) -> tuple[set[str], set[str]]:
    """Return the names and address lines that the load used, and its phones in every way they are written."""
    names, phones = set(), set()
    for call in evidence.history.of(Kind.REGISTER):
        for person, country in ((call.asked["sender"], "KH"), (call.asked["recipient"], _country(call.asked))):
            names |= _names(person)
            phones |= _phones(person, country)
    for call in evidence.history.of(Kind.CORRECT):
        names |= _names(call.asked)
        phones |= _phones(call.asked, "KH")
    return names, phones


def _country(asked: Mapping[str, Any]) -> str:
    return str(asked.get("destination_country", "KH"))


def _names(person: Mapping[str, Any]) -> set[str]:
    return {text for text in [person["name"], *person.get("address", ())] if len(text) >= SHORTEST_WORD}


def _phones(person: Mapping[str, Any], country: str) -> set[str]:
    written = str(person["phone"])
    try:
        full = e164(written, country).lstrip("+")
    except ValueError:
        full = written
    return {full, re.sub(r"\D", "", written)}


def _texts(evidence: Evidence) -> Iterator[tuple[str, str]]:
    yield from evidence.texts.items()
    topics: dict[str, list[bytes]] = {}
    for record in evidence.records:
        topics.setdefault(record.topic, []).append(record.payload + b"\n" + record.key.encode())
    yield from ((topic, b"\n".join(values).decode("utf-8", "replace")) for topic, values in topics.items())
    for row in evidence.dead_letters:
        yield f"dead letter of {row.service}", row.reason + row.payload.decode("utf-8", "replace")


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (i16_nobody_is_named,)

"""What counters asked to be registered, and what is there of it: I1 and I6."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import orjson

from onebox.simulator.history import Call, Kind, Outcome
from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.entrypoints.bodies import PersonBody, RegisterBody
from services.parcel.pricing.domain.tariff import Option
from tests.faults.evidence import Evidence, RequestRow

PRICED = ("payer", "insured_value", "cod", "options")
"""Kept and shown with the postage; the shape is asked for the price alone."""
SHOWN = tuple(field.name for field in fields(RegisterParcel) if field.name not in ("shape", *PRICED))

BEFORE: Mapping[str, Any] = {"fits_limits": False, "if_undeliverable": "return"}
"""What an earlier version answers does not name, as nobody could ask for anything else."""


def i1_every_promise_is_kept_once(evidence: Evidence) -> Iterator[str]:
    """Each 201 is there once, each unknown at most once, nothing that was refused."""
    kept = Counter(row.key for row in evidence.requests)
    numbers = {row.key: row.item_number for row in evidence.requests}
    for key, calls in _registrations(evidence).items():
        if kept[key] > 1:
            yield f"I1 key {key} is kept {kept[key]} times"
        if kept[key] and not _may_have_done(calls):
            yield f"I1 key {key} was refused and is there all the same"
        promised = next((call.answer["item_number"] for call in calls if call.outcome is Outcome.OK), None)
        if promised and numbers.get(key) != promised:
            yield f"I1 {promised} of key {key} is not there"


def i1_each_number_is_one_parcel(evidence: Evidence) -> Iterator[str]:
    """A number was given under one key, with which somebody asked, and is there."""
    there, keys = {row.item_number for row in evidence.parcels}, _registrations(evidence).keys()
    for number, times in Counter(row.item_number for row in evidence.requests if row.item_number).items():
        if times > 1:
            yield f"I1 {number} was given {times} times"
        if number not in there:
            yield f"I1 {number} has its request and is not there"
    for row in evidence.requests:
        if row.item_number and row.key not in keys:
            yield f"I1 {row.item_number} is there under key {row.key}, with which nobody asked"


def i1_parcels_are_what_was_asked(evidence: Evidence) -> Iterator[str]:
    """A parcel is what a call of its key asked that was not refused, in all but its recipient, who may be corrected."""
    parcels = {row.item_number: row for row in evidence.parcels}
    for row, calls in _kept(evidence):
        parcel = parcels.get(row.item_number or "")
        asked = {digest(_but_the_recipient(command_of(call))) for call in calls}
        if parcel and digest({**parcel.content, "office": parcel.office}) not in asked:
            yield f"I1 {row.item_number} of key {row.key} is not what was asked"


def i1_recipients_are_who_they_were_corrected_to(evidence: Evidence) -> Iterator[str]:
    """A recipient is the one of the last correction that was acknowledged, or of one whose end is unknown."""
    people = recipients(evidence)
    for parcel in evidence.parcels:
        known = people.get(parcel.item_number, [])
        last = next((person for sure, person in reversed(known) if sure), None)
        may_be = [digest(asdict(person)) for sure, person in known if not sure or person is last]
        if known and digest(parcel.recipient) not in may_be:
            yield f"I1 the recipient of {parcel.item_number} is not the one of the last correction"


def recipients(evidence: Evidence) -> dict[str, list[tuple[bool, Person]]]:
    """Return who may be the recipient of each number, in the order asked, and whether it was acknowledged."""
    people: dict[str, list[tuple[bool, Person]]] = defaultdict(list)
    countries = {}
    for row, calls in _kept(evidence):
        commands, number = [command_of(call) for call in calls], str(row.item_number)
        sure = len({digest(asdict(command.recipient)) for command in commands}) == 1
        countries[number] = commands[0].destination_country
        people[number] = [(sure, command.recipient) for command in commands]
    for call in evidence.history.of(Kind.CORRECT, Outcome.OK, Outcome.UNKNOWN):
        if call.key in countries:
            country = countries[call.key]
            person = PersonBody.model_validate(call.asked).person("recipient", country, abroad=country != DOMESTIC)
            people[call.key].append((call.outcome is Outcome.OK, person))
    return people


def i6_one_key_has_one_answer(evidence: Evidence) -> Iterator[str]:
    """Whoever asks again with the same key and body reads the same status and bytes; with another body, 422."""
    kept = {row.key: row.body for row in evidence.requests}
    for key, calls in _registrations(evidence).items():
        answered = [call for call in calls if call.outcome is Outcome.OK]
        answers = [(call.status, call.body) for call in answered]
        if len(set(answers)) > 1:
            yield f"I6 key {key} was answered in {len(set(answers))} ways"
        if answers and key in kept and kept[key] not in {body for _, body in answers}:
            yield f"I6 key {key} was answered otherwise than it is kept"
        bodies = {orjson.dumps(call.asked): call for call in answered}
        if len(bodies) > 1 and len({_asked(call) for call in bodies.values()}) > 1:
            yield f"I6 key {key} was taken with {len(bodies)} bodies"


def i6_answers_are_to_what_was_asked(evidence: Evidence) -> Iterator[str]:
    """The answer kept under a key shows the whole of what a call of that key asked, whoever got to read it."""
    for row, calls in _kept(evidence):
        # What an earlier version answered names no options, as nobody could ask for any.
        postage: Any = row.answer.get("postage") or {"payer": "sender"}
        postage = {"options": []} | postage
        answer = {**BEFORE, **row.answer}
        content = {name: answer.get(name) for name in SHOWN} | {name: postage.get(name) for name in PRICED}
        shown = digest(content)
        if row.answer.get("item_number") != row.item_number or shown not in {_asked(call) for call in calls}:
            yield f"I6 the answer kept under key {row.key} is to something else than was asked"


def command_of(call: Call) -> RegisterParcel:
    """Return what a counter asked to register, as the service reads it."""
    body = RegisterBody.model_validate(call.asked)
    return body.command(body.office or call.office)


def digest(content: Mapping[str, Any]) -> str:
    """Return what tells two contents apart; what is not filled is as good as not there, as another version has it."""
    return hashlib.sha256(orjson.dumps(_filled(content), option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def _filled(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _filled(part) if isinstance(part, Mapping) else part for name, part in content.items() if part is not None
    }


def _asked(call: Call) -> str:
    return digest(_content(command_of(call)))


def _content(command: RegisterParcel) -> dict[str, Any]:
    content = {name: value for name, value in asdict(command).items() if name != "shape"}
    return content | {"options": [option for option in Option if option in command.options]}


def _but_the_recipient(command: RegisterParcel) -> dict[str, Any]:
    return {name: value for name, value in _content(command).items() if name != "recipient"}


def _registrations(evidence: Evidence) -> dict[str, list[Call]]:
    calls: dict[str, list[Call]] = defaultdict(list)
    for call in evidence.history.of(Kind.REGISTER):
        calls[call.key].append(call)
    return calls


def _may_have_done(calls: Sequence[Call]) -> list[Call]:
    """Return the calls of one key that were answered with ok; where there are none, those whose end is unknown."""
    answered = [call for call in calls if call.outcome is Outcome.OK]
    return answered or [call for call in calls if call.outcome is Outcome.UNKNOWN]


def _kept(evidence: Evidence) -> Iterator[tuple[RequestRow, list[Call]]]:
    """Yield each registration that is there, with the calls that may have made it."""
    calls = _registrations(evidence)
    for row in evidence.requests:
        if row.item_number and (makers := _may_have_done(calls.get(row.key, ()))):
            yield row, makers


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i1_every_promise_is_kept_once,
    i1_each_number_is_one_parcel,
    i1_parcels_are_what_was_asked,
    i1_recipients_are_who_they_were_corrected_to,
    i6_one_key_has_one_answer,
    i6_answers_are_to_what_was_asked,
)

"""A check that cannot fail is no check: for each invariant, evidence with one thing wrong."""

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from onebox.simulator.history import Call, History, Kind
from shared.contracts.parcel import CONTACTS_TOPIC
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.ids import new_id
from tests.faults.evidence import DeadLetterRow, Evidence, RequestRow, TopicRecord, Window
from tests.faults.invariants.every import CHECKS, violations
from tests.faults.invariants.healthy import (
    BODY,
    CORRECTED,
    NUMBER,
    SENDER,
    call,
    healthy,
    outbox_row,
    refused,
    unanswered,
)
from tests.faults.supervision import Death

Plant = Callable[[Evidence], None]
PLANTED: dict[str, tuple[str, Plant]] = {}


def planted(invariant: str, fault: str) -> Callable[[Plant], Plant]:
    def keep(plant: Plant) -> Plant:
        PLANTED[f"{invariant} {fault}"] = (invariant, plant)
        return plant

    return keep


def first(evidence: Evidence, kind: Kind) -> Call:
    return evidence.history.of(kind)[-1]


def with_calls(evidence: Evidence, *calls: Call) -> None:
    evidence.history = History([*evidence.history.calls, *calls])


@planted("I1", "a 201 without its parcel")
def _lost(evidence: Evidence) -> None:
    evidence.parcels, evidence.requests = [], []


@planted("I1", "a parcel that is not what was asked")
def _altered(evidence: Evidence) -> None:
    parcel = evidence.parcels[0]
    evidence.parcels = [replace(parcel, content={**parcel.content, "weight_g": 301})]


@planted("I1", "a key that is there twice")
def _twice(evidence: Evidence) -> None:
    evidence.requests = [*evidence.requests, replace(evidence.requests[0], caller="another")]


@planted("I1", "a refused registration that is there")
def _refused_and_there(evidence: Evidence) -> None:
    evidence.requests = [*evidence.requests, RequestRow("clerk", "refused", None, {})]
    with_calls(evidence, refused(call(Kind.REGISTER, "refused", BODY, {})))


@planted("I1", "a registration that is there though it was sent away as one too many")
def _shed_and_there(evidence: Evidence) -> None:
    evidence.history = History([replace(refused(first(evidence, Kind.REGISTER), status=503), reason="overloaded")])


@planted("I1", "a recipient before his correction")
def _not_corrected(evidence: Evidence) -> None:
    parcel = evidence.parcels[0]
    evidence.parcels = [replace(parcel, recipient={**parcel.recipient, "name": "Chan Sophea"})]


@planted("I1", "a refused scan that is there")
def _refused_scan(evidence: Evidence) -> None:
    scan = first(evidence, Kind.SCAN)
    evidence.history = History([one for one in evidence.history.calls if one is not scan])
    with_calls(evidence, refused(scan))


@planted("I2", "a parcel without its event")
def _untold(evidence: Evidence) -> None:
    evidence.outboxes = {**evidence.outboxes, "parcel": evidence.outboxes["parcel"][1:]}


@planted("I2", "an event without its parcel")
def _stray_event(evidence: Evidence) -> None:
    stray = replace(evidence.outboxes["parcel"][0], key="another")
    evidence.outboxes = {**evidence.outboxes, "parcel": [*evidence.outboxes["parcel"], stray]}


@planted("I2", "a version that was told twice")
def _version_twice(evidence: Evidence) -> None:
    row = evidence.outboxes["parcel"][2]
    again = replace(row, payload=row.payload.replace(b'"version":2', b'"version":1'))
    evidence.outboxes = {
        **evidence.outboxes,
        "parcel": [*evidence.outboxes["parcel"][:2], again, *evidence.outboxes["parcel"][3:]],
    }


@planted("I3", "an event that never reached its topic")
def _not_in_topic(evidence: Evidence) -> None:
    evidence.records = evidence.records[1:]


@planted("I3", "an event that still waits")
def _unsent(evidence: Evidence) -> None:
    rows = evidence.outboxes["tracking"]
    evidence.outboxes = {**evidence.outboxes, "tracking": [replace(rows[0], sent=False), *rows[1:]]}


@planted("I3", "a record that nobody wrote")
def _invented(evidence: Evidence) -> None:
    evidence.records = [
        *evidence.records,
        TopicRecord("parcel.events", 3, 7, "parcel.gone.v1", str(new_id()), "k", b"{}"),
    ]


@planted("I3", "a record with other bytes")
def _damaged(evidence: Evidence) -> None:
    evidence.records = [replace(evidence.records[0], payload=b"{}"), *evidence.records[1:]]


@planted("I3", "events of one key in another order")
def _swapped(evidence: Evidence) -> None:
    evidence.records = [replace(one, offset=100 - one.offset) for one in evidence.records]


@planted("I3", "an outbox that did not drain")
def _not_drained(evidence: Evidence) -> None:
    evidence.not_drained = ["3 events in parcel"]


@planted("I4", "a journey that is not the fold of its scans")
def _wrong_state(evidence: Evidence) -> None:
    evidence.journeys = [replace(evidence.journeys[0], state="in_transit")]


@planted("I4", "an acknowledged scan that is not there")
def _scan_lost(evidence: Evidence) -> None:
    evidence.scans = {NUMBER: evidence.scans[NUMBER][:2]}


@planted("I4", "a scan that nobody made")
def _scan_invented(evidence: Evidence) -> None:
    scan = evidence.scans[NUMBER][1]
    evidence.scans = {NUMBER: [*evidence.scans[NUMBER], replace(scan, scan_id=new_id())]}


@planted("I4", "a parcel that did not follow")
def _not_followed(evidence: Evidence) -> None:
    evidence.parcels = [replace(evidence.parcels[0], state="accepted", moved=(1, 1))]


@planted("I4", "an event that was not applied")
def _not_applied(evidence: Evidence) -> None:
    evidence.inboxes = {**evidence.inboxes, "parcel": frozenset()}


@planted("I4", "an event applied that is in no topic")
def _applied_from_nowhere(evidence: Evidence) -> None:
    evidence.inboxes = {**evidence.inboxes, "parcel": evidence.inboxes["parcel"] | {new_id()}}


@planted("I4", "a version of a journey that was not told")
def _movement_missing(evidence: Evidence) -> None:
    evidence.journeys = [replace(evidence.journeys[0], version=4)]


@planted("I4", "people as they were before a correction")
def _contacts_older(evidence: Evidence) -> None:
    evidence.contacts = {NUMBER: 1}


@planted("I5", "a timeline out of order")
def _out_of_order(evidence: Evidence) -> None:
    read = first(evidence, Kind.READ_JOURNEY)
    with_calls(evidence, replace(read, answer={**read.answer, "events": read.answer["events"][::-1]}))


@planted("I5", "a delivered parcel that is on its way again as read")
def _undelivered(evidence: Evidence) -> None:
    read = first(evidence, Kind.READ_JOURNEY)
    with_calls(evidence, replace(read, sent_at=9.0, answer={**read.answer, "state": "in_transit"}))


@planted("I5", "a delivered parcel that is on its way again as told")
def _told_undelivered(evidence: Evidence) -> None:
    rows = evidence.outboxes["tracking"]
    last = ParcelMovedV1.model_validate_json(rows[-1].payload)
    back = last.model_copy(update={"version": 4, "state": CustomerState.IN_TRANSIT, "event_id": new_id()})
    evidence.outboxes = {**evidence.outboxes, "tracking": [*rows, outbox_row(back)]}


@planted("I6", "two answers to one key")
def _other_answer(evidence: Evidence) -> None:
    ok = first(evidence, Kind.REGISTER)
    with_calls(evidence, replace(ok, answer={**ok.answer, "version": 7}))


@planted("I6", "one key for two bodies")
def _other_body(evidence: Evidence) -> None:
    ok = first(evidence, Kind.REGISTER)
    with_calls(evidence, replace(ok, asked={**BODY, "weight_g": 999}))


@planted("I7", "a number with a wrong check digit")
def _wrong_digit(evidence: Evidence) -> None:
    evidence.parcels = [replace(evidence.parcels[0], item_number="CP000000170KH")]


@planted("I7", "a number from another office's block")
def _foreign_number(evidence: Evidence) -> None:
    evidence.blocks = [replace(evidence.blocks[0], office="TK03A"), evidence.blocks[1]]


@planted("I7", "a number that was not given out yet")
def _future_number(evidence: Evidence) -> None:
    evidence.blocks = [replace(evidence.blocks[0], next_serial=12), evidence.blocks[1]]


@planted("I7", "two blocks that overlap")
def _overlap(evidence: Evidence) -> None:
    evidence.blocks = [evidence.blocks[0], replace(evidence.blocks[1], first_serial=19)]


@planted("I8", "a message without an end")
def _never_sent(evidence: Evidence) -> None:
    evidence.messages = [replace(evidence.messages[0], state="sending"), *evidence.messages[1:]]


@planted("I8", "a milestone shown twice")
def _shown_twice(evidence: Evidence) -> None:
    evidence.messages = [*evidence.messages, replace(evidence.messages[0], message_id=new_id())]


@planted("I8", "a message that came more often than it was sent")
def _sent_twice(evidence: Evidence) -> None:
    evidence.messages = [replace(evidence.messages[0], received=2), *evidence.messages[1:]]


@planted("I8", "a milestone that nobody was told")
def _not_told(evidence: Evidence) -> None:
    evidence.messages = evidence.messages[1:]


@planted("I8", "a message tried without end")
def _tried_for_ever(evidence: Evidence) -> None:
    evidence.messages = [replace(evidence.messages[0], attempts=7), *evidence.messages[1:]]


def dead_letter(evidence: Evidence) -> DeadLetterRow:
    record = evidence.records[0]
    where = (record.topic, record.partition, record.offset)
    return DeadLetterRow("tracking", *where, None, record.payload, "why", "parked", waited_s=1.0)


@planted("I10", "a good event put aside")
def _put_aside(evidence: Evidence) -> None:
    evidence.dead_letters = [dead_letter(evidence)]


@planted("I10", "poison that was not put aside")
def _not_put_aside(evidence: Evidence) -> None:
    evidence.planted = {"parcel.events/0/99": "tracking"}


@planted("I10", "poison put aside late")
def _put_aside_late(evidence: Evidence) -> None:
    evidence.dead_letters = [replace(dead_letter(evidence), waited_s=60.0)]
    evidence.planted = {"parcel.events/0/0": "tracking"}


@planted("I10", "poison put aside late while nothing kept anybody from it")
def _put_aside_late_without_an_outage(evidence: Evidence) -> None:
    _put_aside_late(evidence)
    evidence.windows = [Window("a fault", 0.0, 100.0, floor=3)]


@planted("I10", "poison without its bytes")
def _bytes_lost(evidence: Evidence) -> None:
    evidence.dead_letters = [replace(dead_letter(evidence), payload=b"")]
    evidence.planted = {"parcel.events/0/0": "tracking"}


@planted("I11", "a window without progress")
def _standstill(evidence: Evidence) -> None:
    evidence.windows = [Window("a fault", 100.0, 110.0)]


@planted("I12", "memory above its bound")
def _grown(evidence: Evidence) -> None:
    evidence.bounds = [replace(evidence.bounds[0], peak=101.0)]


@planted("I12", "records sent again without end")
def _storm(evidence: Evidence) -> None:
    evidence.records = [*evidence.records, *[evidence.records[0]] * 1_001]


@planted("I12", "a record sent again though nobody died and nothing was cut off")
def _sent_again_for_nothing(evidence: Evidence) -> None:
    evidence.kills = 0
    evidence.records = [*evidence.records, evidence.records[0]]


@planted("I13", "a defect instead of a 503")
def _defect(evidence: Evidence) -> None:
    with_calls(evidence, unanswered(first(evidence, Kind.SCAN), status=500))


@planted("I13", "an acknowledged cancellation that did not happen")
def _not_cancelled(evidence: Evidence) -> None:
    with_calls(evidence, call(Kind.CANCEL, NUMBER, {}, {"item_number": NUMBER}))


@planted("I13", "an acknowledged correction that did not happen")
def _correction_lost(evidence: Evidence) -> None:
    with_calls(evidence, call(Kind.CORRECT, NUMBER, CORRECTED, {"version": 3}))


@planted("I13", "an acknowledged scan that was not kept")
def _scan_not_kept(evidence: Evidence) -> None:
    evidence.scans = {NUMBER: evidence.scans[NUMBER][:2]}


@planted("I16", "a name in a log")
def _name_in_log(evidence: Evidence) -> None:
    evidence.texts = {"parcel.log": f"registered for {SENDER['name']}"}


@planted("I16", "a phone in a log, as the database writes it")
def _phone_in_log(evidence: Evidence) -> None:
    evidence.texts = {"parcel.log": "registered for +855961234567"}


@planted("I16", "a name in a topic")
def _name_in_topic(evidence: Evidence) -> None:
    record = evidence.records[0]
    payload = orjson.dumps({"to": CORRECTED["name"]})
    evidence.records = [replace(record, payload=payload), *evidence.records[1:]]


@planted("I16", "a name in a topic that is sealed")
def _name_in_sealed_topic(evidence: Evidence) -> None:
    sealed = next(record for record in evidence.records if record.topic == CONTACTS_TOPIC)
    payload = orjson.dumps({"to": CORRECTED["name"]})
    evidence.records = [replace(one, payload=payload) if one is sealed else one for one in evidence.records]


@planted("I16", "a phone in the reason of a dead letter")
def _phone_in_reason(evidence: Evidence) -> None:
    evidence.dead_letters = [replace(dead_letter(evidence), reason="0971234567 is no item")]


@planted("I17", "a process that died by itself")
def _died(evidence: Evidence) -> None:
    evidence.deaths = [Death("tracking", 1, 5.0, meant=False)]


@planted("I17", "a process that does not come back")
def _gone(evidence: Evidence) -> None:
    evidence.not_ready = ["tracking"]


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found_under_its_name(name: str) -> None:
    evidence = healthy()
    invariant, plant = PLANTED[name]
    plant(evidence)
    assert invariant in {violation.split()[0] for violation in violations(evidence)}


def test_a_run_without_violations_has_none() -> None:
    assert violations(healthy()) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_each_check_finds_something_that_is_planted(check: Callable[[Evidence], object]) -> None:
    def finds(plant: Plant) -> bool:
        evidence = healthy()
        plant(evidence)
        return bool(list(check(evidence)))  # type: ignore[call-overload]

    assert any(finds(plant) for _, plant in PLANTED.values())

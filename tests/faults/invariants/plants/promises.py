"""What a counter was promised and did not get, or got otherwise: I1, I2, I6, I7 and I13."""

from dataclasses import replace
from datetime import timedelta

from onebox.simulator.history import History, Kind
from onebox.simulator.retrying import IN_FLIGHT
from shared.contracts.parcel import ParcelRegisteredV1
from shared.ids import new_id
from tests.faults.evidence import Evidence, RequestRow
from tests.faults.invariants.healthy import (
    ANSWER,
    BODY,
    CORRECTED,
    CORRECTED_TO,
    NUMBER,
    OTHER_OFFICE,
    RECIPIENT_THERE,
    call,
    outbox_row,
    refused,
    unanswered,
)
from tests.faults.invariants.planting import first, planted, with_calls


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
    evidence.requests = [*evidence.requests, RequestRow("clerk", "refused", None, {}, b"{}")]
    with_calls(evidence, refused(call(Kind.REGISTER, "refused", BODY, {})))


@planted("I1", "a registration that is there though it was sent away as one too many")
def _shed_and_there(evidence: Evidence) -> None:
    evidence.history = History([replace(refused(first(evidence, Kind.REGISTER), status=503), reason="overloaded")])


def all_unanswered(evidence: Evidence) -> None:
    """Let the clerk who registered know nothing of what is there all the same."""
    calls = [unanswered(one) if one.kind is Kind.REGISTER else one for one in evidence.history.calls]
    evidence.history = History([one for one in calls if one.kind is not Kind.CORRECT])
    asked_for = replace(evidence.parcels[0], recipient=RECIPIENT_THERE)
    evidence.parcels = [asked_for]


@planted("I1", "an unknown registration that is there and not as it was asked", says="is not what was asked")
def _unknown_altered(evidence: Evidence) -> None:
    all_unanswered(evidence)
    parcel = evidence.parcels[0]
    evidence.parcels = [replace(parcel, content={**parcel.content, "order_reference": "another"})]


@planted("I1", "an unknown registration that is there for another recipient", says="the recipient of")
def _unknown_for_another(evidence: Evidence) -> None:
    all_unanswered(evidence)
    evidence.parcels = [replace(evidence.parcels[0], recipient=CORRECTED_TO)]


@planted("I1", "an unknown registration whose key is kept without its parcel", says="has its request and is not there")
def _unknown_and_half(evidence: Evidence) -> None:
    all_unanswered(evidence)
    evidence.parcels = []


@planted("I1", "a parcel of another office than the one that asked", says="is not what was asked")
def _other_office(evidence: Evidence) -> None:
    evidence.parcels = [replace(evidence.parcels[0], office=OTHER_OFFICE)]


@planted("I1", "a parcel that nobody asked for", says="with which nobody asked")
def _unasked(evidence: Evidence) -> None:
    evidence.history = History([one for one in evidence.history.calls if one.kind is not Kind.REGISTER])


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


@planted("I6", "two answers to one key", says="was answered in 2 ways")
def _other_answer(evidence: Evidence) -> None:
    ok = first(evidence, Kind.REGISTER)
    with_calls(evidence, replace(ok, body=ok.body.replace(b'"version":1', b'"version":7')))


@planted("I6", "one answer written in two ways", says="was answered in 2 ways")
def _other_bytes(evidence: Evidence) -> None:
    ok = first(evidence, Kind.REGISTER)
    with_calls(evidence, replace(ok, body=ok.body + b" "))


@planted("I6", "one answer under two statuses", says="was answered in 2 ways")
def _other_status(evidence: Evidence) -> None:
    with_calls(evidence, replace(first(evidence, Kind.REGISTER), status=200))


@planted("I6", "an answer that is kept in other bytes than it was given", says="otherwise than it is kept")
def _kept_otherwise(evidence: Evidence) -> None:
    row = evidence.requests[0]
    evidence.requests = [replace(row, body=row.body + b" ")]


@planted("I6", "one key for two bodies")
def _other_body(evidence: Evidence) -> None:
    ok = first(evidence, Kind.REGISTER)
    with_calls(evidence, replace(ok, asked={**BODY, "weight_g": 999}))


@planted("I6", "one key for two recipients", says="was taken with 2 bodies")
def _other_recipient(evidence: Evidence) -> None:
    ok = first(evidence, Kind.REGISTER)
    with_calls(evidence, replace(ok, asked={**BODY, "recipient": CORRECTED}))


@planted(
    "I6", "an unknown registration that is kept with an answer to another request", says="something else than was asked"
)
def _answer_to_another(evidence: Evidence) -> None:
    all_unanswered(evidence)
    evidence.requests = [replace(evidence.requests[0], answer={**ANSWER, "recipient": CORRECTED_TO})]


@planted("I6", "an answer that shows another number than its own", says="something else than was asked")
def _answer_of_another(evidence: Evidence) -> None:
    all_unanswered(evidence)
    evidence.requests = [replace(evidence.requests[0], answer={**ANSWER, "item_number": "CP000000188KH"})]


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


def registered_again(evidence: Evidence, after: timedelta) -> None:
    """Let the number of the one parcel be registered once more, so long after; its first event is in the topic only."""
    row, *others = evidence.outboxes["parcel"]
    before = ParcelRegisteredV1.model_validate_json(row.payload)
    again = before.model_copy(update={"event_id": new_id(), "registered_at": before.registered_at + after})
    evidence.outboxes = {**evidence.outboxes, "parcel": [outbox_row(again), *others]}


@planted("I7", "a number given again within 24 months, when its first parcel is gone", says="was given again after 700")
def _given_again(evidence: Evidence) -> None:
    registered_again(evidence, timedelta(days=700))


@planted("I7", "a number given to two keys", says="was given to 2 keys")
def _given_to_two(evidence: Evidence) -> None:
    with_calls(evidence, replace(first(evidence, Kind.REGISTER), key="another"))


@planted("I7", "a range that went back, and would cut a block again", says="can be cut again")
def _range_went_back(evidence: Evidence) -> None:
    evidence.ranges = [replace(evidence.ranges[0], next_serial=20)]


@planted("I7", "a number of a device that somebody else gave", says="is a number of device")
def _taken_from_a_device(evidence: Evidence) -> None:
    evidence.blocks = [replace(evidence.blocks[0], device_id=new_id()), evidence.blocks[1]]


@planted("I7", "a registration of a device with a number that it did not lease", says="is a number of no device")
def _of_no_block_of_the_device(evidence: Evidence) -> None:
    evidence.requests = [replace(evidence.requests[0], caller=f"device {new_id()}")]


@planted("I7", "a block outside the range of the post", says="lies in no range")
def _outside_range(evidence: Evidence) -> None:
    evidence.ranges = [replace(evidence.ranges[0], first_serial=15)]


@planted("I13", "a defect instead of a 503", says="was answered 500")
def _defect(evidence: Evidence) -> None:
    with_calls(evidence, unanswered(first(evidence, Kind.SCAN), status=500))


@planted("I13", "a 503 that does not say when to come again", says="not when to come again")
def _silent_503(evidence: Evidence) -> None:
    with_calls(evidence, replace(refused(first(evidence, Kind.READ_JOURNEY), 503), answer={}))


@planted("I13", "a 503 of doubt that does not say when to come again", says="not when to come again")
def _silent_doubt(evidence: Evidence) -> None:
    with_calls(evidence, replace(unanswered(first(evidence, Kind.SCAN), 503), answer={}))


@planted("I13", "a 429 that says to come again in no time", says="not when to come again")
def _at_once_429(evidence: Evidence) -> None:
    with_calls(evidence, replace(refused(first(evidence, Kind.READ_JOURNEY), 429), answer={"retry_after_s": "0"}))


@planted("I13", "a 409 of a request in flight that does not say when to come again", says="not when to come again")
def _silent_409(evidence: Evidence) -> None:
    in_flight = replace(refused(first(evidence, Kind.REGISTER), 409), reason=IN_FLIGHT)
    with_calls(evidence, replace(in_flight, answer={}))


@planted("I13", "an acknowledged cancellation that did not happen")
def _not_cancelled(evidence: Evidence) -> None:
    with_calls(evidence, call(Kind.CANCEL, NUMBER, {}, {"item_number": NUMBER}))


@planted("I13", "an acknowledged correction that did not happen")
def _correction_lost(evidence: Evidence) -> None:
    with_calls(evidence, call(Kind.CORRECT, NUMBER, CORRECTED, {"version": 3}))


@planted("I13", "an acknowledged scan that was not kept")
def _scan_not_kept(evidence: Evidence) -> None:
    evidence.scans = {NUMBER: evidence.scans[NUMBER][:2]}

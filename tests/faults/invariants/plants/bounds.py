"""Standstill, growth, records that come again, names in the wrong place: I5, I11, I12, I16 and I17."""

import json
from dataclasses import replace

import orjson

from onebox.simulator.history import Kind
from shared.contracts.parcel import CONTACTS_TOPIC
from shared.ids import new_id
from shared.messaging.relay import BATCH
from tests.faults.evidence import Evidence, Window
from tests.faults.invariants.healthy import CORRECTED, NUMBER, RECIPIENT, SENDER, call, refused, unanswered
from tests.faults.invariants.planting import dead_letter, first, planted, with_calls
from tests.faults.supervision import Death, Start

CALM_AT = tuple(2 + number / 4 for number in range(32))
"""Some three a second, so that a window of ten seconds has to see seven."""


@planted("I11", "a window without progress")
def _standstill(evidence: Evidence) -> None:
    evidence.windows = [Window("a fault", 100.0, 110.0)]


@planted("I11", "a window in which one path stood still while others went on", says="0 of 7 scans")
def _path_stood_still(evidence: Evidence) -> None:
    evidence.rested_at = 50.0
    evidence.windows = [Window("a fault", 10.0, 20.0, floor=20)]
    kinds = (Kind.REGISTER, Kind.SCAN, Kind.READ_JOURNEY)
    calm = [replace(first(evidence, kind), sent_at=at, ended_at=at) for kind in kinds for at in (0.0, *CALM_AT)]
    busy = [replace(first(evidence, Kind.REGISTER), ended_at=15.0)] * 20
    with_calls(evidence, *calm, *busy)


@planted("I11", "a window in which a path goes on at a tenth of its pace", says="1 of 7 scans")
def path_hardly_went_on(evidence: Evidence) -> None:
    _path_stood_still(evidence)
    with_calls(evidence, replace(first(evidence, Kind.SCAN), ended_at=15.0))


@planted("I11", "a path that hardly goes on since its service hangs as it comes back", says="1 of 6 scans")
def _hung_on_the_way_back(evidence: Evidence) -> None:
    path_hardly_went_on(evidence)
    evidence.starts = [Start("tracking", 9.0, 0.5, again=True, at=19.5)]


@planted("I11", "a path on which much is offered and little done", says="3 of 6 registrations that were offered")
def _offered_in_vain(evidence: Evidence) -> None:
    register = first(evidence, Kind.REGISTER)
    asked = [unanswered(replace(register, key=f"in vain {number}")) for number in range(3)]
    with_calls(evidence, *asked, *[replace(asked[0], ended_at=2.0)] * 5)
    with_calls(evidence, *[replace(register, key=f"another {number}") for number in range(2)])


@planted("I11", "a path that falls silent in a long window", says="for 57.0 s none of the scans succeeded")
def _silent(evidence: Evidence) -> None:
    evidence.rested_at = 70.0
    evidence.windows = [Window("a fault", 0.0, 60.0, floor=3)]
    kinds = (Kind.REGISTER, Kind.READ_JOURNEY)
    busy = [replace(first(evidence, kind), ended_at=float(at)) for kind in kinds for at in range(5, 60, 5)]
    in_vain = unanswered(replace(first(evidence, Kind.SCAN), sent_at=10.0, ended_at=25.0))
    with_calls(evidence, *busy, in_vain)


def _calm(evidence: Evidence) -> None:
    evidence.rested_at = 50.0
    kinds = (Kind.REGISTER, Kind.SCAN, Kind.READ_JOURNEY)
    with_calls(evidence, *[replace(first(evidence, kind), sent_at=at, ended_at=at) for kind in kinds for at in CALM_AT])


@planted("I11", "a path whose callers all wait until the fault is over", says="0 of 4 registrations that were offered")
def _waited_till_the_end(evidence: Evidence) -> None:
    _calm(evidence)
    evidence.windows = [Window("a fault", 10.0, 20.0, floor=3)]
    asked = replace(first(evidence, Kind.REGISTER), sent_at=12.0, ended_at=20.5)
    with_calls(evidence, *[replace(asked, key=f"waiting {number}") for number in range(4)])


@planted("I11", "a path that falls silent in a short window", says="for 11.5 s none of the scans succeeded")
def _silent_for_a_moment(evidence: Evidence) -> None:
    _calm(evidence)
    evidence.windows = [Window("a fault", 10.0, 22.0, floor=3)]
    scan = first(evidence, Kind.SCAN)
    busy = [replace(scan, key=f"before {number}", sent_at=10.4, ended_at=10.5) for number in range(20)]
    with_calls(evidence, *busy, unanswered(replace(scan, key="waiting", sent_at=10.6, ended_at=21.9)))


@planted("I11", "a restart that takes long although there is a processor for it", says="answered 3.5 s after")
def _slow_restart(evidence: Evidence) -> None:
    evidence.starts = [Start("parcel", 9.0, 5.5, again=True, at=9.0)]


@planted("I5", "an age that is negative on a page of measures", says="ctcpost_outbox_oldest_unsent_seconds as -3600.5")
def _negative_age(evidence: Evidence) -> None:
    evidence.texts = {
        "measures of parcel": "ctcpost_outbox_unsent_rows 1.0\nctcpost_outbox_oldest_unsent_seconds -3600.5\n"
    }


@planted("I5", "a sum of durations that went down", says="ctcpost_http_request_seconds_sum as -1.5")
def _negative_sum(evidence: Evidence) -> None:
    evidence.texts = {"measures of parcel": 'ctcpost_http_request_seconds_sum{route="/x",method="GET"} -1.5\n'}


@planted("I5", "a negative duration in a log", says="took_s as -2.5")
def _negative_in_log(evidence: Evidence) -> None:
    evidence.texts = {"parcel.log": '{"event": "batch applied", "took_s": -2.5}'}


@planted("I5", "a try that ended before it began", says="took -1.0 s")
def _ended_before_it_began(evidence: Evidence) -> None:
    tries = [replace(evidence.messages[0].tries[0], ended_at=1.0)]
    evidence.messages = [replace(evidence.messages[0], tries=tries), *evidence.messages[1:]]


@planted("I5", "a row that was sent before it was written", says="2 rows say that")
def _sent_before_written(evidence: Evidence) -> None:
    evidence.back_in_time = {"an event of parcel was sent before it was written": 2}


@planted("I12", "memory above its bound")
def _grown(evidence: Evidence) -> None:
    evidence.bounds = [replace(evidence.bounds[0], peak=101.0)]


@planted("I12", "records sent again without end")
def _storm(evidence: Evidence) -> None:
    evidence.records = [*evidence.records, *[evidence.records[0]] * 1_001]


def sent_again(evidence: Evidence, service: str, at: float) -> None:
    record = next(one for one in evidence.records if one.header("source") == service)
    evidence.records = [*evidence.records, replace(record, offset=99, at=at)]


@planted(
    "I12", "a record sent again though nobody died and nothing was cut off", says="1 records were sent again by relays"
)
def _sent_again_for_nothing(evidence: Evidence) -> None:
    evidence.deaths = []
    sent_again(evidence, "parcel", 6.0)


@planted(
    "I12", "a record sent again by another service than the one that died", says="1 records were sent again by relays"
)
def _sent_again_by_another(evidence: Evidence) -> None:
    sent_again(evidence, "tracking", 6.0)


@planted("I12", "a record sent again twice after one death", says="1 records were sent again by relays")
def _sent_again_twice(evidence: Evidence) -> None:
    sent_again(evidence, "parcel", 8.0)
    sent_again(evidence, "parcel", 12.0)


@planted("I12", "a record sent again long after it was marked", says="1 records were sent again by relays")
def _sent_again_of_old(evidence: Evidence) -> None:
    evidence.deaths = [Death("parcel", -9, 50.0, meant=True)]
    sent_again(evidence, "parcel", 52.0)


@planted("I12", "a record sent again before its relay died", says="1 records were sent again by relays")
def _sent_again_before_the_death(evidence: Evidence) -> None:
    evidence.deaths = [Death("parcel", -9, 50.0, meant=True)]
    sent_again(evidence, "parcel", 40.0)


@planted("I12", "more records sent again after one death than a relay has in hand", says="after one death of parcel")
def _more_than_a_batch(evidence: Evidence) -> None:
    record = evidence.records[0]
    for number in range(BATCH + 1):
        one = replace(record, event_id=str(new_id()), offset=100 + 2 * number)
        evidence.records = [*evidence.records, one, replace(one, offset=one.offset + 1, at=6.0)]


@planted("I16", "a name in a log")
def _name_in_log(evidence: Evidence) -> None:
    evidence.texts = {"parcel.log": f"registered for {SENDER['name']}"}


@planted("I16", "a phone in a log, as the database writes it")
def _phone_in_log(evidence: Evidence) -> None:
    evidence.texts = {"parcel.log": "registered for +855961234567"}


@planted("I16", "a name in the row that PostgreSQL would not take, in its own log", says="log of PostgreSQL")
def _name_in_server_log(evidence: Evidence) -> None:
    detail = f'DETAIL:  Failing row contains (17, {{"name": "{SENDER["name"]}"}}, null).'
    evidence.texts = {**evidence.texts, "log of PostgreSQL": detail}


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


@planted("I16", "a phone in a header of a record", says="parcel.events holds the phone")
def _phone_in_header(evidence: Evidence) -> None:
    record = replace(evidence.records[0], headers=[("to", "+855971234567")])
    evidence.records = [record, *evidence.records[1:]]


@planted("I16", "a name in a header of a dead letter", says="dead letter of tracking")
def _name_in_header_of_letter(evidence: Evidence) -> None:
    evidence.dead_letters = [replace(dead_letter(evidence), beside=f"to {RECIPIENT['name']}")]


@planted("I16", "a name in the body of an error", says="an answer to register")
def _name_in_error(evidence: Evidence) -> None:
    with_calls(evidence, replace(refused(first(evidence, Kind.REGISTER)), answer={"detail": f"no {SENDER['name']}"}))


@planted("I16", "a name in an answer that is no JSON", says="an answer to scan")
def _name_in_unreadable(evidence: Evidence) -> None:
    with_calls(evidence, replace(unanswered(first(evidence, Kind.SCAN), 502), answer={"unreadable": SENDER["name"]}))


@planted("I16", "a name in what anybody may read", says="an answer to read-journey")
def _name_in_timeline(evidence: Evidence) -> None:
    read = first(evidence, Kind.READ_JOURNEY)
    with_calls(evidence, replace(read, answer={**read.answer, "place": CORRECTED["name"]}))


@planted("I16", "a name in Khmer that is escaped in a log", says="parcel.log")
def _escaped_name_in_log(evidence: Evidence) -> None:
    with_calls(evidence, call(Kind.CORRECT, NUMBER, {**CORRECTED, "name": "ចាន់ សុភា"}, {"version": 2}))
    evidence.texts = {"parcel.log": json.dumps({"of": "ចាន់ សុភា"})}


@planted("I16", "a phone in the reason of a dead letter")
def _phone_in_reason(evidence: Evidence) -> None:
    evidence.dead_letters = [replace(dead_letter(evidence), reason="0971234567 is no item")]


@planted("I17", "a process that died by itself")
def _died(evidence: Evidence) -> None:
    evidence.deaths = [Death("tracking", 1, 5.0, meant=False)]


@planted("I17", "a process that does not come back")
def _gone(evidence: Evidence) -> None:
    evidence.not_ready = ["tracking"]


@planted("I17", "two transactions that wait for each other", says="log of PostgreSQL: 1 transactions")
def _deadlock(evidence: Evidence) -> None:
    evidence.texts = {"log of PostgreSQL": "ERROR:  deadlock detected\nDETAIL:  Process 7 waits for ShareLock"}

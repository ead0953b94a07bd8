from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from onebox.simulator.history import History, Kind
from services.notifications.domain.message import SENDER_VANISHED
from shared.contracts.parcel import CONTACTS_TOPIC, ParcelAdvanceDataCompletedV1, SignInCodeV1
from shared.contracts.tracking import ParcelMovedV1
from shared.ids import new_id
from tests.faults.evidence import LAME_PACE, PACE, SHAKEN, Evidence, Try, Window
from tests.faults.invariants.bounds import i17_no_two_wait_for_each_other
from tests.faults.invariants.clearances import i4_nothing_leaves_before_it_is_told_ahead
from tests.faults.invariants.every import only_late, violations
from tests.faults.invariants.healthy import (
    ANSWER,
    BEGAN,
    CONTENT,
    CORRECTED_TO,
    KEY,
    RECIPIENT_THERE,
    healthy,
    outbox_row,
    refused,
    unanswered,
)
from tests.faults.invariants.log_and_topics import i10_only_what_was_planted_is_put_aside
from tests.faults.invariants.planting import dead_letter
from tests.faults.invariants.plants.bounds import path_hardly_went_on
from tests.faults.invariants.plants.clearances import ABROAD, closed
from tests.faults.invariants.plants.codes import not_shown
from tests.faults.invariants.plants.promises import registered_again
from tests.faults.invariants.plants.refilled import wiped
from tests.faults.invariants.tries import OF_MESSAGES
from tests.faults.supervision import Death, Start, Stop


def test_an_unknown_registration_may_be_there_or_not() -> None:
    for there in (True, False):
        evidence = healthy()
        calls = [one for one in evidence.history.calls if one.kind is Kind.REGISTER]
        evidence.history = History([unanswered(one) for one in calls])
        if not there:
            evidence.requests, evidence.parcels = [], []
        found = [violation for violation in violations(evidence) if violation.startswith("I1 ")]
        assert [violation for violation in found if KEY in violation] == []


def test_a_503_that_tells_of_doubt_promises_nothing_either_way() -> None:
    evidence = healthy()
    evidence.history = History([unanswered(evidence.history.of(Kind.REGISTER)[-1], status=503)])
    assert not any(violation.startswith("I1 key") for violation in violations(evidence))


def test_a_409_that_time_does_not_mend_need_not_say_when_to_come_again() -> None:
    evidence = healthy()
    corrected = replace(refused(evidence.history.of(Kind.CORRECT)[-1], 409), reason="already-dispatched")
    evidence.history = History([*evidence.history.calls, corrected])
    assert violations(evidence) == []


def test_what_was_told_ahead_what_stays_and_what_goes_back_may_be_closed_into_a_dispatch() -> None:
    evidence = healthy()
    completed = ParcelAdvanceDataCompletedV1(item_number=ABROAD, declaration_version=1, completed_at=BEGAN)
    evidence.outboxes = {"parcel": [outbox_row(completed)]}
    closed(evidence, ABROAD, "KR")
    closed(evidence, "CP000000195KH", "KH")
    closed(evidence, "CP123456785KR", None)
    assert list(i4_nothing_leaves_before_it_is_told_ahead(evidence)) == []


def test_an_indicator_may_have_several_ranges() -> None:
    evidence = healthy()
    (granted,) = evidence.ranges
    evidence.ranges = [replace(granted, first_serial=900, last_serial=950, next_serial=900), granted]
    assert violations(evidence) == []


def test_a_window_counts_only_what_it_does_not_cut() -> None:
    evidence = healthy()
    evidence.windows = [Window("a fault", 0.0, 10.0, frozenset({Kind.REGISTER, Kind.SCAN}), floor=3)]
    assert any(violation.startswith("I11 2 of 3") for violation in violations(evidence))


def test_a_damaged_record_keeps_the_place_of_its_event() -> None:
    evidence = healthy()
    whole = next(record for record in evidence.records if record.topic == ParcelMovedV1.topic)
    place = f"{whole.topic}/{whole.partition}/{whole.offset}"
    evidence.planted = {place: "parcel"}
    evidence.records = [
        *[replace(one, payload=b"damaged") if one is whole else one for one in evidence.records],
        replace(whole, offset=99),
    ]
    assert not any(violation.startswith("I3 ") for violation in violations(evidence))


def with_record_again(evidence: Evidence, at: float, headers: Sequence[tuple[str, str]] = ()) -> None:
    record = next(one for one in evidence.records if one.header("source") == "parcel")
    again = replace(record, offset=99, at=at, headers=[*record.headers, *headers])
    evidence.records = [*evidence.records, again]


def test_a_record_may_come_again_once_after_each_death_of_its_relay() -> None:
    evidence = healthy()
    evidence.deaths = [Death("parcel", -9, 5.0, meant=True), Death("parcel-1", -9, 9.0, meant=True)]
    with_record_again(evidence, at=8.0)
    with_record_again(evidence, at=11.0)
    assert of(violations(evidence), "I12") == []


def test_a_record_may_come_again_after_an_outage() -> None:
    evidence = healthy()
    evidence.deaths, evidence.windows = [], [Window("no broker", 3.0, 5.0, floor=0, outage=True)]
    with_record_again(evidence, at=20.0)
    assert of(violations(evidence), "I12") == []


def test_an_outage_made_of_deaths_explains_no_more_than_they_do() -> None:
    evidence = healthy()
    evidence.deaths, evidence.windows = [], [Window("kills", 3.0, 5.0, floor=0, outage=True, killing=True)]
    with_record_again(evidence, at=20.0)
    assert len(of(violations(evidence), "I12")) == 1


def test_copies_by_hand_are_nobodys_fault() -> None:
    evidence = healthy()
    evidence.deaths = []
    with_record_again(evidence, at=20.0, headers=[("copied", "by hand")])
    assert of(violations(evidence), "I12") == []


def test_what_an_operator_has_sent_again_may_come_again() -> None:
    evidence = healthy()
    evidence.deaths, evidence.copies = [], 1
    with_record_again(evidence, at=200.0)
    assert of(violations(evidence), "I12") == []
    with_record_again(evidence, at=300.0)
    assert len(of(violations(evidence), "I12")) == 1


@pytest.mark.parametrize(
    "lost_by",
    [
        {"deaths": [Death("notifications", -9, 3.0, meant=True)]},
        {"stops": [Stop("notifications", 3.0)]},
        {"windows": [Window("no database", 3.0, 4.0, floor=0, outage=True)]},
    ],
    ids=lambda lost_by: next(iter(lost_by)),
)
def test_a_message_is_tried_again_when_its_sender_is_lost(lost_by: Mapping[str, object]) -> None:
    evidence = healthy()
    for name, value in lost_by.items():
        setattr(evidence, name, value)
    tries = [Try(1, 2.0, 14.0, "unknown", SENDER_VANISHED), Try(2, 14.1, 14.2, "accepted")]
    evidence.messages = [replace(one, attempts=2, tries=tries) for one in evidence.messages]
    assert of(violations(evidence), "I8") == []


def test_a_sender_that_dies_again_at_once_has_lost_a_batch_of_its_own() -> None:
    evidence = healthy()
    evidence.deaths = [Death("notifications", -9, at, meant=True) for at in (3.0, 4.0)]
    first = [Try(1, 2.0, 14.0, "unknown", SENDER_VANISHED), Try(2, 14.1, 14.2, "accepted")]
    second = [Try(1, 3.5, 15.0, "unknown", SENDER_VANISHED), Try(2, 15.1, 15.2, "accepted")]
    one, batch = replace(evidence.messages[0], attempts=2), OF_MESSAGES.batch
    evidence.messages = [*[replace(one, tries=first)] * batch, *[replace(one, tries=second)] * batch]
    assert not [said for said in of(violations(evidence), "I8") if "in the hands of" in said]


def test_a_channel_that_was_silent_is_tried_again_after_a_rest() -> None:
    evidence = healthy()
    tries = [Try(1, 2.0, 3.0, "unknown", "no-answer-in-time"), Try(2, 18.0, 18.1, "accepted")]
    evidence.messages = [replace(one, attempts=2, tries=tries) for one in evidence.messages]
    assert of(violations(evidence), "I8") == []


def test_a_milestone_may_be_shown_on_the_phone_before_a_correction_and_on_the_one_after_it() -> None:
    evidence = healthy()
    one = next(message for message in evidence.messages if message.audience == "recipient")
    again = replace(one, message_id=new_id(), phone=str(RECIPIENT_THERE["phone"]))
    evidence.messages = [*evidence.messages, again]
    assert [said for said in of(violations(evidence), "I8") if "shown" in said] == []
    assert again.phone != one.phone


def test_a_recipient_of_a_correction_whose_end_is_unknown_may_be_either() -> None:
    for there in (RECIPIENT_THERE, CORRECTED_TO):
        evidence = healthy()
        evidence.history = History(
            [unanswered(one) if one.kind in {Kind.REGISTER, Kind.CORRECT} else one for one in evidence.history.calls]
        )
        evidence.parcels = [replace(evidence.parcels[0], recipient=there)]
        assert of(violations(evidence), "I1") == []


def test_what_was_asked_twice_in_doubt_may_be_there_either_way() -> None:
    for weight_g in (300, 301):
        evidence = healthy()
        asked = evidence.history.of(Kind.REGISTER)[-1]
        bodies = [{**asked.asked, "weight_g": weight} for weight in (300, 301)]
        evidence.history = History([unanswered(replace(asked, asked=body)) for body in bodies])
        content = {**CONTENT, "weight_g": weight_g}
        evidence.parcels = [replace(evidence.parcels[0], content=content, recipient=RECIPIENT_THERE)]
        evidence.requests = [replace(evidence.requests[0], answer={**ANSWER, "weight_g": weight_g})]
        assert of(violations(evidence), "I1", "I6") == []


def test_a_path_that_a_fault_cuts_needs_no_call() -> None:
    evidence = healthy()
    evidence.rested_at = 50.0
    register, scan = evidence.history.of(Kind.REGISTER)[-1], evidence.history.of(Kind.SCAN)[-1]
    evidence.windows = [Window("a fault", 10.0, 20.0, frozenset({Kind.SCAN, Kind.SCAN_BATCH}), floor=20)]
    evidence.history = History([register, scan, *[replace(register, ended_at=15.0)] * 20])
    assert of(violations(evidence), "I11") == []


@pytest.mark.parametrize(("waited_s", "passes"), [(0.0, False), (2.0, False), (8.5, True)])
def test_a_path_need_not_go_on_while_who_died_has_no_processor(waited_s: float, passes: bool) -> None:
    evidence = healthy()
    path_hardly_went_on(evidence)
    evidence.starts = [Start("tracking", 9.0, waited_s, again=True, at=19.5)]
    assert bool([said for said in of(violations(evidence), "I11") if "scans succeeded" in said]) != passes


def test_a_path_may_be_silent_while_nobody_asks() -> None:
    evidence = healthy()
    evidence.rested_at = 70.0
    kinds = (Kind.REGISTER, Kind.SCAN)
    busy = [replace(evidence.history.of(kind)[-1], ended_at=float(at)) for kind in kinds for at in range(5, 60, 5)]
    evidence.windows = [Window("a fault", 0.0, 60.0, floor=3, pace=0)]
    evidence.history = History([*evidence.history.calls, *busy])
    assert of(violations(evidence), "I11") == []


def in_a_window(window: Window, sent_at: float, ended_at: float) -> Evidence:
    """Return a run with many registrations in calm, some of a tenth of a second, and four in a window."""
    evidence = healthy()
    evidence.rested_at, evidence.windows = 90.0, [window]
    register = evidence.history.of(Kind.REGISTER)[-1]
    calm = [replace(register, sent_at=at / 4, ended_at=at / 4 + 0.1) for at in range(200)]
    asked = [replace(register, key=f"asked {number}", sent_at=sent_at, ended_at=ended_at) for number in range(4)]
    busy = [replace(register, key=f"busy {at}", sent_at=float(at), ended_at=float(at)) for at in range(61, 72)]
    evidence.history = History([*calm, *asked, *busy])
    return evidence


@pytest.mark.parametrize(
    ("asked_at", "pace"), [(71.2, 0.0), (71.2, PACE), (58.0, PACE), (62.0, LAME_PACE / 2)], ids=lambda value: f"{value}"
)
def test_who_still_waits_at_the_end_of_a_window_need_not_be_done(asked_at: float, pace: float) -> None:
    """Asked for too late, or before, or where whoever asks waits as long as a clerk waits."""
    evidence = in_a_window(Window("a fault", 60.0, 72.0, floor=3, pace=pace), sent_at=asked_at, ended_at=72.5)
    assert [said for said in of(violations(evidence), "I11") if "offered" in said] == []


def test_an_answer_may_take_in_a_window_what_it_takes_in_calm() -> None:
    evidence = in_a_window(Window("a fault", 60.0, 72.0, floor=3), sent_at=68.0, ended_at=72.5)
    assert [said for said in of(violations(evidence), "I11") if "offered" in said]
    slow = [replace(call, ended_at=call.sent_at + 2.0) for call in evidence.history.calls if call.ended_at < 50.0]
    evidence.history = History([*evidence.history.calls, *slow])
    assert [said for said in of(violations(evidence), "I11") if "offered" in said] == []


@pytest.mark.parametrize("pace", [PACE, LAME_PACE / 2])
@pytest.mark.parametrize("for_s", [4.0, 9.0])
@pytest.mark.parametrize("ended", ["unknown", "refused"])
def test_a_path_may_be_silent_for_a_moment_or_while_its_callers_wait_or_are_refused(
    pace: float, for_s: float, ended: str
) -> None:
    evidence = in_a_window(Window("a fault", 60.0, 72.0, floor=3, pace=pace), sent_at=61.0, ended_at=61.0)
    calls = [call for call in evidence.history.calls if not 62.0 < call.ended_at < 62.0 + for_s]
    waiting = replace(calls[-1], key="waiting", sent_at=62.1, ended_at=62.0 + for_s)
    evidence.history = History([*calls, unanswered(waiting) if ended == "unknown" else refused(waiting)])
    silent = [said for said in of(violations(evidence), "I11") if "none of the registrations" in said]
    assert bool(silent) == (pace == PACE and for_s > 5.0 and ended == "unknown")


def test_what_was_read_before_the_rest_need_not_be_the_whole() -> None:
    evidence = healthy()
    read = evidence.history.of(Kind.READ_JOURNEY)[-1]
    part = {**read.answer, "state": "accepted", "events": read.answer["events"][:1]}
    evidence.history = History([replace(read, sent_at=2.0, answer=part), *evidence.history.calls])
    assert of(violations(evidence), "I4", "I5") == []


def test_a_number_may_come_back_after_24_months() -> None:
    evidence = healthy()
    registered_again(evidence, timedelta(days=731))
    assert not [said for said in of(violations(evidence), "I7") if "given again" in said]


@pytest.mark.parametrize(
    ("state", "attempts", "ended_after_s"),
    [("expired", 0, 60), ("failed", 1, 60), ("unknown", 1, 58.5), ("unknown", 3, 30)],
)
def test_a_code_may_end_otherwise_when_its_time_is_over_or_the_next_try_is_due_after_it(
    state: str, attempts: int, ended_after_s: float
) -> None:
    evidence = healthy()
    code = evidence.codes[0]
    times = replace(code.times, ended_at=BEGAN + timedelta(seconds=ended_after_s))
    tries = [Try(number, 100.0 * number, 100.0 * number + 1, "refused") for number in range(1, attempts + 1)]
    evidence.codes = [replace(code, state=state, attempts=attempts, received=0, times=times, tries=tries)]
    assert of(violations(evidence), "I8") == []


def test_a_message_may_expire_when_its_time_is_over() -> None:
    evidence = healthy()
    one = evidence.messages[0]
    times = replace(one.times, ended_at=one.times.deadline, shown_at=None, tried_at=[])
    late = replace(one, state="expired", attempts=0, received=0, tries=[], times=times)
    evidence.messages = [late, *evidence.messages[1:]]
    assert of(violations(evidence), "I8") == []


def test_topics_filled_again_hold_what_parcel_keeps_whatever_a_fault_puts_behind_it() -> None:
    evidence = healthy()
    wiped(evidence)
    assert violations(evidence) == []
    last = [one for one in evidence.records if one.topic == CONTACTS_TOPIC][-1]
    older = replace(last, offset=99, event_id="by hand", payload=b"older")
    evidence.records, evidence.planted = [*evidence.records, older], {f"{older.topic}/{older.partition}/99": ""}
    assert violations(evidence) == []


def test_a_code_that_a_broker_lost_with_its_disk_need_not_come() -> None:
    evidence = healthy()
    evidence.codes, evidence.wiped = [], frozenset({SignInCodeV1.topic})
    assert of(violations(evidence), "I8") == []


@pytest.mark.parametrize(
    "shaken_by",
    [
        {"deaths": [Death("tracking", -9, 20.0, meant=True)]},
        {"windows": [Window("cut off", 15.0, 16.0, floor=0, outage=True)]},
        {"windows": [Window("clocks wrong", 15.0, 16.0, floor=0, share=SHAKEN)]},
    ],
)
def test_a_code_need_not_be_shown_where_something_was_shaken_soon_after_it(shaken_by: Mapping[str, object]) -> None:
    evidence = healthy()
    not_shown(evidence)
    evidence.deaths = []
    for name, value in shaken_by.items():
        setattr(evidence, name, value)
    assert of(violations(evidence), "I8") == []


def test_a_code_that_was_put_aside_need_not_be_shown() -> None:
    evidence = healthy()
    evidence.codes, evidence.deaths = [], []
    code = next(row for row in evidence.outboxes["parcel"] if row.type == SignInCodeV1.type)
    evidence.dead_letters = [replace(dead_letter(evidence), service="notifications", event_id=code.event_id)]
    assert of(violations(evidence), "I8") == []


def test_a_code_whose_asking_ended_in_doubt_may_come_or_not() -> None:
    evidence = healthy()
    calls = [unanswered(one) if one.kind is Kind.ASK_CODE else one for one in evidence.history.calls]
    evidence.history = History(calls)
    assert of(violations(evidence), "I8") == []
    rows = [row for row in evidence.outboxes["parcel"] if row.type != SignInCodeV1.type]
    evidence.outboxes, evidence.codes = {**evidence.outboxes, "parcel": rows}, []
    assert of(violations(evidence), "I8") == []


def of(found: Sequence[str], *invariants: str) -> list[str]:
    return [violation for violation in found if violation.split()[0] in invariants]


@pytest.mark.parametrize("began_at", [130.0, 160.0, 199.0], ids=["as it came", "meanwhile", "at the end"])
def test_poison_may_wait_as_long_as_an_outage_that_it_met(began_at: float) -> None:
    evidence = healthy()
    evidence.dead_letters = [replace(dead_letter(evidence), parked_at=200.0, waited_s=60.0)]
    evidence.planted = {"parcel.events/0/0": "tracking"}
    evidence.windows = [Window("an outage", began_at, began_at + 56.0, floor=0, outage=True)]
    assert not [one for one in i10_only_what_was_planted_is_put_aside(evidence) if "aside after" in one]


def test_a_migration_may_end_a_transaction_that_it_waits_for() -> None:
    evidence = healthy()
    evidence.texts = {"log of PostgreSQL": "ERROR:  deadlock detected"}
    evidence.windows = [*evidence.windows, Window("two versions", 0.0, 10.0, floor=1, unnoticed=True)]
    assert list(i17_no_two_wait_for_each_other(evidence)) == []


@pytest.mark.parametrize(
    ("found", "late"),
    [
        (["I11 parcel answered 3.2 s after it was started again"], True),
        (["I11 not in time", "I1 an answer is missing"], False),
        (["I17 parcel does not answer"], False),
        ([], False),
    ],
)
def test_only_progress_in_its_time_is_played_once_more(found: list[str], late: bool) -> None:
    assert only_late(found) is late

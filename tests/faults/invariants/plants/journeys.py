"""What stands in topics and journeys and should not, or not so: I1, I3, I4, I5 and I10."""

from dataclasses import replace

from onebox.simulator.history import History, Kind
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.ids import new_id
from tests.faults.evidence import Evidence, TopicRecord, Window
from tests.faults.invariants.healthy import BEGAN, NUMBER, outbox_row, refused
from tests.faults.invariants.planting import dead_letter, first, planted, with_calls


@planted("I1", "a scan that a batch refused and that is there all the same", says="was refused and is there")
def _refused_in_a_batch(evidence: Evidence) -> None:
    scan = first(evidence, Kind.SCAN)
    results = [{"scan_id": scan.asked["scan_id"], "result": "refused"}]
    batch = replace(scan, kind=Kind.SCAN_BATCH, asked={"scans": [scan.asked]}, answer={"results": results})
    evidence.history = History([batch if one is scan else one for one in evidence.history.calls])


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


@planted("I4", "a journey that is missing", says="it is missing")
def _journey_missing(evidence: Evidence) -> None:
    evidence.journeys = []


@planted("I4", "a scan that is there under two numbers", says="is there 2 times")
def _scan_twice(evidence: Evidence) -> None:
    evidence.scans = {**evidence.scans, "CP000000188KH": evidence.scans[NUMBER][:1]}


@planted("I4", "a scan that is not as it was sent, whatever its journey shows", says="is not there as it was sent")
def _scan_altered(evidence: Evidence) -> None:
    posting, scan, last = evidence.scans[NUMBER]
    evidence.scans = {NUMBER: [posting, replace(scan, device_sequence=9), last]}


@planted("I4", "a posting that is not as it was told", says="is not there as it was sent")
def _posting_altered(evidence: Evidence) -> None:
    posting, *others = evidence.scans[NUMBER]
    evidence.scans = {NUMBER: [replace(posting, device="TK02A-1"), *others]}


def read_at_rest(evidence: Evidence, **answer: object) -> None:
    read = first(evidence, Kind.READ_JOURNEY)
    with_calls(evidence, replace(read, answer={**read.answer, **answer}))


@planted("I4", "a history that lacks an event when everything rests", says="is read as")
def _event_missing_at_rest(evidence: Evidence) -> None:
    events = first(evidence, Kind.READ_JOURNEY).answer["events"]
    read_at_rest(evidence, events=[events[0], events[2]])


@planted("I4", "a history with another time when everything rests", says="is read as")
def _other_time_at_rest(evidence: Evidence) -> None:
    read_at_rest(evidence, since=BEGAN.isoformat())


@planted("I4", "a history that cannot be read when everything rests", says="was read at rest and answered 404")
def _unreadable_at_rest(evidence: Evidence) -> None:
    with_calls(evidence, refused(first(evidence, Kind.READ_JOURNEY), 404))


@planted("I4", "an acknowledged scan that is not there")
def _scan_lost(evidence: Evidence) -> None:
    evidence.scans = {NUMBER: evidence.scans[NUMBER][:2]}


@planted("I4", "a scan that nobody made", says="nobody made it")
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


@planted("I10", "poison put aside late, though the outage was over before it came", says="aside after 60.0 s")
def _put_aside_late_after_an_outage(evidence: Evidence) -> None:
    _put_aside_late(evidence)
    evidence.dead_letters = [replace(evidence.dead_letters[0], parked_at=200.0)]
    evidence.windows = [Window("an outage", 0.0, 100.0, floor=0, outage=True)]


@planted("I10", "poison put aside late, before an outage began", says="aside after 60.0 s")
def _put_aside_late_before_an_outage(evidence: Evidence) -> None:
    _put_aside_late_after_an_outage(evidence)
    evidence.windows = [Window("an outage", 201.0, 301.0, floor=0, outage=True)]


@planted("I10", "poison without its bytes")
def _bytes_lost(evidence: Evidence) -> None:
    evidence.dead_letters = [replace(dead_letter(evidence), payload=b"")]
    evidence.planted = {"parcel.events/0/0": "tracking"}

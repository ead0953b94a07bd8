"""Where parcels are, held against the pure fold of their scans: I4."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from uuid import UUID

from onebox.simulator.history import Call, Kind, Outcome
from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.journey import Journey, fold
from services.tracking.domain.rebuilt import JourneyRow
from services.tracking.domain.scan import Posting, Scan, Source
from services.tracking.entrypoints.scan_form import ScanForm
from shared.access.roles import Actor, Role
from shared.contracts.parcel import ParcelCancelledV1, ParcelRegisteredV1
from shared.contracts.tracking import ParcelMovedV1
from tests.faults.evidence import Evidence, OutboxRow
from tests.faults.invariants.intake import recorded

SOMEBODY = Actor("somebody", Role.ADMINISTRATOR, None)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Logs = Mapping[str, Sequence[Scan]]


def i4_journeys_are_what_the_scans_add_up_to(evidence: Evidence) -> Iterator[str]:
    """Each journey is, in every column, the fold of the scans that tracking holds, beside what was told of it."""
    yield from _differ(evidence, "the scans", evidence.scans)


def i4_journeys_are_what_the_counters_know(evidence: Evidence) -> Iterator[str]:
    """Each journey is the fold of what counters were told and parcel told; unknown scans count if they are there."""
    yield from _differ(evidence, "what counters know", _known(evidence))


def i4_scans_are_held_as_they_were_sent(evidence: Evidence) -> Iterator[str]:
    """Each scan is there once, in every field as a counter sent it or the parcel service told it."""
    held = [scan for log in evidence.scans.values() for scan in log]
    sent: dict[UUID, list[Scan]] = defaultdict(list)
    for scan in (*_told_by_parcel(evidence), *_sent(evidence, *Outcome)):
        sent[scan.scan_id].append(scan)
    for scan_id, times in Counter(scan.scan_id for scan in held).items():
        if times > 1:
            yield f"I4 scan {scan_id} is there {times} times"
    for scan in held:
        if scan.scan_id not in sent:
            yield f"I4 scan {scan.scan_id} is there and nobody made it"
        elif not any(scan.says_the_same_as(one) for one in sent[scan.scan_id]):
            yield f"I4 scan {scan.scan_id} of {scan.item_number} is not there as it was sent"


def i1_no_refused_scan_is_there(evidence: Evidence) -> Iterator[str]:
    """A scan that is there was recorded, or its end is unknown; a batch tells of each of its scans."""
    may_be = {scan.scan_id for scan in _sent(evidence, Outcome.UNKNOWN)}
    may_be |= {scan.scan_id for call in evidence.history.calls for scan in _scanned(call) if _is_recorded(scan, call)}
    refused = {scan.scan_id for scan in _sent(evidence, Outcome.REFUSED, Outcome.OK)} - may_be
    there = {scan.scan_id for log in evidence.scans.values() for scan in log}
    yield from (f"I1 scan {scan_id} was refused and is there all the same" for scan_id in there & refused)


def i4_what_is_read_at_rest_is_the_whole_history(evidence: Evidence) -> Iterator[str]:
    """Whoever reads a parcel after the rest sees what its scans add up to: state, since when, every event in order."""
    reads = {call.key: call for call in evidence.history.of(Kind.READ_JOURNEY) if call.sent_at >= evidence.rested_at}
    for number, call in reads.items():
        log = evidence.scans.get(number)
        if call.outcome is not Outcome.OK or not log:
            yield f"I4 {number} was read at rest and answered {call.status} {call.reason}"
        elif (shown := _shown(call)) != (folded := _as_anybody_reads(fold(log)[-1])):
            yield f"I4 {number} is read as {shown}, and its scans are {folded}"


def posting_scan(row: OutboxRow) -> Scan:
    """Return the scan that tracking makes of a registration."""
    told = ParcelRegisteredV1.model_validate_json(row.payload)
    posting = Posting(
        told.service,
        told.destination_country,
        told.collecting_office,
        told.weight_g,
        told.link_secret_sha256,
        told.door_delivery,
    )
    registered_at = told.registered_at
    return Scan(
        row.event_id, row.key, EventCode.EMA, registered_at, registered_at, told.office, Source.PARCEL, posting=posting
    )


def movements(evidence: Evidence) -> dict[tuple[str, int], list[ParcelMovedV1]]:
    """Return what tracking told, by number and journey, in the order in which it was written."""
    told: dict[tuple[str, int], list[ParcelMovedV1]] = defaultdict(list)
    for row in evidence.outboxes.get("tracking", ()):
        if row.type == ParcelMovedV1.type:
            moved = ParcelMovedV1.model_validate_json(row.payload)
            told[moved.item_number, moved.journey_no].append(moved)
    return told


def row_of(leg: Journey, told: Sequence[ParcelMovedV1]) -> JourneyRow:
    """Return the row that a journey has in its table when it stands as it was told."""
    last, posting = leg.last, leg.posting
    return JourneyRow(
        item_number=last.item_number,
        journey_no=leg.journey_no,
        version=max((one.version for one in told), default=0),
        state=leg.state.value,
        states_told=tuple(dict.fromkeys(one.state.value for one in told)),
        opened_at=leg.opened_at,
        ended_at=leg.ended_at,
        last_scan_id=last.scan_id,
        last_event_code=last.event_code.value,
        last_office=last.office,
        last_occurred_at=last.occurred_at,
        registered=posting is not None,
        office_of_posting=leg.office_of_posting,
        collecting_office=posting.collecting_office if posting else None,
        destination_country=posting.destination_country if posting else None,
        service=posting.service if posting else None,
        weight_g=posting.weight_g if posting else None,
        link_secret_sha256=posting.link_secret_sha256 if posting else None,
        told_state=None,
        told_scan_id=None,
    )


def _differ(evidence: Evidence, source: str, logs: Logs) -> Iterator[str]:
    told = movements(evidence)
    shown = {(row.item_number, row.journey_no): row for row in evidence.journeys}
    model = {
        (number, leg.journey_no): row_of(leg, told.get((number, leg.journey_no), ()))
        for number, log in logs.items()
        for leg in fold(log)
    }
    for key in sorted(shown.keys() | model.keys()):
        if shown.get(key) != model.get(key):
            yield f"I4 journey {key[1]} of {key[0]}: {_difference(shown.get(key), model.get(key))}, say {source}"


def _difference(shown: JourneyRow | None, model: JourneyRow | None) -> str:
    if shown is None or model is None:
        return "it should not be there" if shown else "it is missing"
    columns, right = asdict(shown), asdict(model)
    return ", ".join(
        f"{name} is {value} and should be {right[name]}" for name, value in columns.items() if value != right[name]
    )


def _known(evidence: Evidence) -> Logs:
    """Return what counters and the parcel service know to be recorded, by number; of one id what is held counts."""
    held = {scan.scan_id: scan for log in evidence.scans.values() for scan in log}
    known = {scan.scan_id: scan for scan in _told_by_parcel(evidence)}
    for call in evidence.history.calls:
        for scan in _scanned(call):
            there = held.get(scan.scan_id)
            if (there and there.says_the_same_as(scan)) or (_is_recorded(scan, call) and scan.scan_id not in known):
                known[scan.scan_id] = scan
    logs: dict[str, list[Scan]] = defaultdict(list)
    for scan in known.values():
        logs[scan.item_number].append(scan)
    return logs


def _told_by_parcel(evidence: Evidence) -> Iterator[Scan]:
    for row in evidence.outboxes.get("parcel", ()):
        if row.type == ParcelRegisteredV1.type:
            yield posting_scan(row)
        elif row.type == ParcelCancelledV1.type:
            told = ParcelCancelledV1.model_validate_json(row.payload)
            at = told.cancelled_at
            yield Scan(row.event_id, row.key, EventCode.CANCELLED, at, at, told.office, Source.PARCEL)


def _sent(evidence: Evidence, *outcomes: Outcome) -> Iterator[Scan]:
    for call in evidence.history.calls:
        if call.outcome in outcomes:
            yield from _scanned(call)


def _scanned(call: Call) -> list[Scan]:
    if call.kind is Kind.RECORD:
        # The form of scans with a line has no room for the whole id of a device.
        form = ScanForm.model_validate({**call.asked, "device": None})
        return [replace(form.to_scan(SOMEBODY, LONG_AGO), device=str(call.asked["device"]))]
    forms = {Kind.SCAN: [call.asked], Kind.SCAN_BATCH: call.asked.get("scans", [])}.get(call.kind, [])
    return [ScanForm.model_validate(form).to_scan(SOMEBODY, LONG_AGO) for form in forms]


def _is_recorded(scan: Scan, call: Call) -> bool:
    return call.outcome is Outcome.OK and str(scan.scan_id) in recorded(call)


def _shown(call: Call) -> tuple[object, ...]:
    told = call.answer
    events = [(event["event_code"], datetime.fromisoformat(event["occurred_at"])) for event in told["events"]]
    return (told["state"], datetime.fromisoformat(told["since"]), told["service"], events)


def _as_anybody_reads(leg: Journey) -> tuple[object, ...]:
    events = [(scan.event_code.value, scan.occurred_at) for scan in leg.shown]
    return (leg.state.value, leg.last.occurred_at, leg.posting and leg.posting.service, events)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i4_journeys_are_what_the_scans_add_up_to,
    i4_journeys_are_what_the_counters_know,
    i4_scans_are_held_as_they_were_sent,
    i1_no_refused_scan_is_there,
    i4_what_is_read_at_rest_is_the_whole_history,
)

"""Where parcels are, as tracking tells it: I4 and I5."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from onebox.simulator.history import Call, Kind, Outcome
from services.tracking.domain.event_codes import RANKS, EventCode
from services.tracking.domain.journey import Journey, fold
from services.tracking.domain.scan import Posting, Scan, Source
from services.tracking.entrypoints.scan_form import ScanForm
from shared.access.roles import Actor, Role
from shared.contracts.parcel import ParcelCancelledV1, ParcelRegisteredV1
from shared.contracts.tracking import ParcelMovedV1
from tests.faults.evidence import Evidence, JourneyRow, OutboxRow
from tests.faults.invariants.intake import recorded

SOMEBODY = Actor("somebody", Role.ADMINISTRATOR, None)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AFTER_A_HAND_OVER = {"delivered", "returned"}
"""A late scan can show that the parcel had been turned back, so that its sender was handed it."""


def i4_journeys_are_what_the_scans_add_up_to(evidence: Evidence) -> Iterator[str]:
    """Each journey is the fold of the scans that tracking holds."""
    folded = {(number, leg.journey_no): leg for number, log in evidence.scans.items() for leg in fold(log)}
    yield from _differ("the scans", folded, evidence.journeys)


def i4_journeys_are_what_the_counters_know(evidence: Evidence) -> Iterator[str]:
    """Each journey is the fold of what counters were told and parcel told; unknown scans count if they are there."""
    there = {scan.scan_id for log in evidence.scans.values() for scan in log}
    known = {scan.scan_id: scan for scan in _told_by_parcel(evidence)}
    for call in evidence.history.calls:
        known |= {scan.scan_id: scan for scan in _scanned(call) if scan.scan_id in there or _is_recorded(scan, call)}
    logs: dict[str, list[Scan]] = defaultdict(list)
    for scan in known.values():
        logs[scan.item_number].append(scan)
    folded = {(number, leg.journey_no): leg for number, log in logs.items() for leg in fold(log)}
    yield from _differ("what counters know", folded, evidence.journeys)
    yield from (f"I4 scan {scan_id} is there and nobody made it" for scan_id in there - known.keys())
    tried = {
        scan.scan_id
        for call in evidence.history.calls
        if call.outcome is not Outcome.REFUSED
        for scan in _scanned(call)
    }
    told = {scan.scan_id for scan in _told_by_parcel(evidence)}
    refused = (there & known.keys()) - tried - told
    yield from (f"I1 scan {scan_id} was refused and is there all the same" for scan_id in refused)


def i4_parcels_follow_their_journeys(evidence: Evidence) -> Iterator[str]:
    """After the drain a parcel has the state of its journey, and knows its latest version."""
    latest = {row.item_number: row for row in sorted(evidence.journeys, key=lambda row: row.journey_no)}
    for parcel in evidence.parcels:
        journey = latest.get(parcel.item_number)
        if journey is None:
            yield f"I4 {parcel.item_number} has no journey"
        elif parcel.state != journey.state or parcel.moved != (journey.journey_no, journey.version):
            where = f"{journey.state} {journey.version}"
            yield f"I4 {parcel.item_number} is {parcel.state} {parcel.moved[1]} and its journey is {where}"


def i4_movements_are_told_version_by_version(evidence: Evidence) -> Iterator[str]:
    """A journey of version n was told n times, each version once."""
    told: dict[tuple[str, int], list[int]] = defaultdict(list)
    for moved in _movements(evidence):
        told[moved.item_number, moved.journey_no].append(moved.version)
    for row in evidence.journeys:
        versions = told.pop((row.item_number, row.journey_no), [])
        if versions != list(range(1, row.version + 1)):
            yield f"I4 {row.item_number} has version {row.version} and told {versions}"
    yield from (f"I4 {number} moved and has no journey {journey_no}" for number, journey_no in told)


def i5_timelines_are_in_order(evidence: Evidence) -> Iterator[str]:
    """What anybody reads is ordered by corrected time and rank of the code, whatever the order of arrival."""
    for call in evidence.history.of(Kind.READ_JOURNEY, Outcome.OK):
        places = [
            (datetime.fromisoformat(event["occurred_at"]), RANKS[EventCode(event["event_code"])])
            for event in call.answer.get("events", ())
        ]
        if places != sorted(places):
            yield f"I5 {call.key} was read out of order"


def i5_what_is_delivered_stays_delivered(evidence: Evidence) -> Iterator[str]:
    """A parcel that was handed over is never on its way again, neither as told nor as read."""
    told: dict[str, list[str]] = defaultdict(list)
    for moved in _movements(evidence):
        told[f"{moved.item_number} {moved.journey_no}"].append(moved.state)
    for call in sorted(evidence.history.of(Kind.READ_JOURNEY, Outcome.OK), key=lambda call: call.sent_at):
        told[f"{call.key} as read"].append(str(call.answer.get("state")))
    for number, states in told.items():
        if "delivered" in states and not set(states[states.index("delivered") :]) <= AFTER_A_HAND_OVER:
            yield f"I5 {number} was delivered and then {states[-1]}"


def _differ(source: str, folded: dict[tuple[str, int], Journey], rows: Iterable[JourneyRow]) -> Iterator[str]:
    shown = {(row.item_number, row.journey_no): (row.state, row.last_scan_id) for row in rows}
    model = {key: (leg.state.value, leg.last.scan_id) for key, leg in folded.items()}
    for key in sorted(shown.keys() | model.keys()):
        if shown.get(key) != model.get(key):
            yield f"I4 {key[0]} is {shown.get(key)}, and {source} say {model.get(key)}"


def _told_by_parcel(evidence: Evidence) -> Iterator[Scan]:
    for row in evidence.outboxes.get("parcel", ()):
        if row.type == ParcelRegisteredV1.type:
            yield posting_scan(row)
        elif row.type == ParcelCancelledV1.type:
            told = ParcelCancelledV1.model_validate_json(row.payload)
            yield Scan(
                row.event_id,
                row.key,
                EventCode.CANCELLED,
                told.cancelled_at,
                told.cancelled_at,
                told.office,
                Source.PARCEL,
            )


def posting_scan(row: OutboxRow) -> Scan:
    """Return the scan that tracking makes of a registration."""
    told = ParcelRegisteredV1.model_validate_json(row.payload)
    posting = Posting(
        told.service, told.destination_country, told.collecting_office, told.weight_g, told.link_secret_sha256
    )
    return Scan(
        row.event_id,
        row.key,
        EventCode.EMA,
        told.registered_at,
        told.registered_at,
        told.office,
        Source.PARCEL,
        posting=posting,
    )


def _scanned(call: Call) -> list[Scan]:
    forms = {Kind.SCAN: [call.asked], Kind.SCAN_BATCH: call.asked.get("scans", [])}.get(call.kind, [])
    return [ScanForm.model_validate(form).to_scan(SOMEBODY, LONG_AGO) for form in forms]


def _is_recorded(scan: Scan, call: Call) -> bool:
    return call.outcome is Outcome.OK and str(scan.scan_id) in recorded(call)


def _movements(evidence: Evidence) -> Iterator[ParcelMovedV1]:
    rows = (row for row in evidence.outboxes.get("tracking", ()) if row.type == ParcelMovedV1.type)
    return (ParcelMovedV1.model_validate_json(row.payload) for row in rows)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i4_journeys_are_what_the_scans_add_up_to,
    i4_journeys_are_what_the_counters_know,
    i4_parcels_follow_their_journeys,
    i4_movements_are_told_version_by_version,
    i5_timelines_are_in_order,
    i5_what_is_delivered_stays_delivered,
)

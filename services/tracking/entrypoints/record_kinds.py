"""The kinds of record that tracking takes from devices: scans, and parcels handed over."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.intake import intake_problems
from services.tracking.domain.scan import Scan
from services.tracking.entrypoints.scan_form import ScanForm, read
from services.tracking.use_cases.record_scans import Result, ScanResult, record_scans
from shared.access.roles import COUNTER, Actor, Role
from shared.clock import now
from shared.db.connection import Tx
from shared.errors import FieldProblem
from shared.syncing.kinds import Applied, Kind, Kinds, Outcome, Ready
from shared.syncing.record import Problem
from shared.web.service import Service

OF_THE_RECORD = ("scan_id", "device_time", "drift_ms", "office", "device", "device_sequence")
"""What a scan has from the record that carries it, so that its body cannot say otherwise."""
HAND_OVER = "hand_over"
SCANNERS = frozenset({*COUNTER, Role.ADMINISTRATOR})


def kinds_of(service: Service) -> Kinds:
    """Return what is done with each kind of record."""

    async def scan(tx: Tx, ready: Sequence[Ready]) -> Sequence[Outcome]:
        return await _record(tx, service, ready)

    # One function for both: what follows each other is recorded together, in the order of the device.
    return {"scan": Kind(SCANNERS, scan), HAND_OVER: Kind(SCANNERS, scan)}


async def _record(tx: Tx, service: Service, ready: Sequence[Ready]) -> Sequence[Outcome]:
    offices, received_at = service.directory.offices, now()
    judged = [_scan_of(one) for one in ready]
    for place, scan in enumerate(judged):
        if isinstance(scan, Scan) and (found := intake_problems(scan, offices.get(ready[place].device.office))):
            judged[place] = _refused(found)
    scans = [scan for scan in judged if isinstance(scan, Scan)]
    # They happened while nobody could ask: what is open now is a flag, not a hindrance.
    homes = {one.device.office for one in ready}
    rules = {code: offices[code].hand_over_rule for code in homes if code in offices}
    results = await record_scans(tx, service.outbox, scans, offices.keys(), received_at, rules=rules, happened=True)
    outcomes = iter(map(_outcome, scans, results))
    return [next(outcomes) if isinstance(one, Scan) else one for one in judged]


def _scan_of(ready: Ready) -> Scan | Problem:
    record, device = ready.record, ready.device
    if taken := [name for name in OF_THE_RECORD if name in record.body]:
        return _refused([FieldProblem(name, "of-the-record", "The record itself says this.") for name in taken])
    form = read(
        {
            **({"event_code": EventCode.EMI.value} if record.kind == HAND_OVER else {}),
            **record.body,
            "scan_id": record.record_id,
            "device_time": record.recorded_at,
            "drift_ms": record.drift_ms,
            "office": device.office,
            "device_sequence": record.sequence,
        }
    )
    if not isinstance(form, ScanForm):
        return _refused(form)
    if record.kind == HAND_OVER and form.event_code != EventCode.EMI:
        return _refused([FieldProblem("event_code", "not-used", "A hand-over is EMI; leave the code out.")])
    actor = Actor(record.staff, ready.granted.role, device.office)
    # The form of online scans has no room for the whole id.
    return replace(form.to_scan(actor, now()), device=str(device.device_id))


def _outcome(scan: Scan, result: ScanResult) -> Outcome:
    if result.result is Result.REFUSED:
        return _refused(result.problems)
    told: dict[str, Any] = {
        "scan_id": str(scan.scan_id),
        "item_number": scan.item_number,
        "result": result.result.value,
        "state": result.state.value if result.state else None,
    }
    return Applied(told, tuple(problem.code for problem in result.problems))


def _refused(problems: Sequence[FieldProblem]) -> Problem:
    return Problem("scan-refused", "The scan cannot be recorded as it is.", tuple(problems))

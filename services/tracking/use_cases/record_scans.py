"""Counters scan parcels: each scan is recorded, known already, or refused with what is wrong with it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from services.tracking.domain.clearance import Clearance, hindrance, needs_clearance
from services.tracking.domain.payment import Payment
from services.tracking.domain.plausibility import problems_of
from services.tracking.domain.scan import Scan
from services.tracking.store import clearances
from services.tracking.store import scans as log
from services.tracking.use_cases.append_scans import Appended, Outcome, append_scans
from shared.contracts.directory import HandOverRule
from shared.contracts.states import CustomerState
from shared.contracts.tracking import Money, ParcelHandedOverV1, PaymentTaken
from shared.db.connection import Tx
from shared.errors import Conflict, FieldProblem
from shared.messaging.outbox import Outbox

SCAN_ID_REUSED = FieldProblem(
    "scan_id",
    "reused",
    "This id was used for another scan of the same item; give each scan an id of its own.",
)


class Result(StrEnum):
    """What became of a counter's scan."""

    RECORDED = "recorded"
    ALREADY_RECORDED = "already_recorded"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What became of one scan: the state of the item now, or the problems of a refused scan.

    One that happened already and was recorded for that has the problems that it would have been refused for.
    """

    result: Result
    state: CustomerState | None = None
    problems: tuple[FieldProblem, ...] = ()
    hindrance: Conflict | None = None
    """Why a scan that is right in itself is refused at present."""


async def record_scans(
    tx: Tx,
    outbox: Outbox,
    scans: Sequence[Scan],
    offices: AbstractSet[str],
    now: datetime,
    *,
    rules: Mapping[str, HandOverRule] = MappingProxyType({}),
    happened: bool = False,
) -> list[ScanResult]:
    """Record what can be recorded and return each scan's result, in their order; locks their journeys.

    What was paid for those that are new is told; `rules` say by office what must be paid before a hand-over.
    Of scans that `happened` while nobody could be asked none is hindered; their results say what would have.
    """
    refused = {
        place: ScanResult(Result.REFUSED, problems=found)
        for place, scan in enumerate(scans)
        if (found := problems_of(scan, offices, now))
    }
    hindered = await _hindered(tx, {place: scan for place, scan in enumerate(scans) if place not in refused}, rules)
    refused |= {} if happened else hindered
    accepted = [place for place in range(len(scans)) if place not in refused]
    appended = await append_scans(tx, outbox, [scans[place] for place in accepted], now)
    new = [scans[place] for place, one in zip(accepted, appended, strict=True) if one.outcome is Outcome.RECORDED]
    await outbox.append(tx, [_handed_over(scan, scan.payment, now) for scan in new if scan.payment])
    results = refused | {
        place: _result(one, hindered.get(place)) for place, one in zip(accepted, appended, strict=True)
    }
    return [results[place] for place in range(len(scans))]


async def _hindered(tx: Tx, scans: Mapping[int, Scan], rules: Mapping[str, HandOverRule]) -> dict[int, ScanResult]:
    """Return the scans that what is known of their items forbids; one that was recorded before that stays so."""
    asking = {place: scan for place, scan in scans.items() if needs_clearance(scan)}
    if not asking:
        return {}
    known = await clearances.find(tx, sorted({scan.item_number for scan in asking.values()}))
    found = {
        place: why
        for place, scan in asking.items()
        if (why := _hindrance(scan, known[scan.item_number], rules.get(scan.office or "", "noted")))
    }
    recorded = await log.recorded_among(tx, [scans[place] for place in found]) if found else set()
    return {
        place: ScanResult(Result.REFUSED, problems=problems, hindrance=why)
        for place, (why, problems) in found.items()
        if scans[place].scan_id not in recorded
    }


def _hindrance(
    scan: Scan, clearance: Clearance, rule: HandOverRule
) -> tuple[Conflict | None, tuple[FieldProblem, ...]] | None:
    if why := hindrance(scan, clearance, rule):
        return why, (FieldProblem("event_code", why.slug, why.detail or why.title),)
    problems = clearance.due.problems(scan.payment) if scan.payment and clearance.due else []
    return (None, tuple(problems)) if problems else None


def _handed_over(scan: Scan, payment: Payment, now: datetime) -> ParcelHandedOverV1:
    return ParcelHandedOverV1(
        time=now,
        item_number=scan.item_number,
        scan_id=scan.scan_id,
        office=scan.office or "",
        actor=scan.actor or "",
        device=scan.device,
        occurred_at=scan.occurred_at,
        payment=PaymentTaken(
            method=payment.method,
            drawer_id=payment.drawer_id,
            carrier=payment.carrier,
            received=tuple(Money(**asdict(amount)) for amount in payment.received),
            change=tuple(Money(**asdict(amount)) for amount in payment.change),
        ),
    )


def _result(appended: Appended, hindered: ScanResult | None) -> ScanResult:
    match appended.outcome:
        case Outcome.RECORDED:
            return ScanResult(Result.RECORDED, appended.state, problems=hindered.problems if hindered else ())
        case Outcome.ALREADY_RECORDED:
            return ScanResult(Result.ALREADY_RECORDED, appended.state)
        case Outcome.SCAN_ID_REUSED:
            return ScanResult(Result.REFUSED, problems=(SCAN_ID_REUSED,))

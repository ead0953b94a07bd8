"""Counters scan parcels: each scan is recorded, known already, or refused with what is wrong with it."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.tracking.domain.clearance import hindrance, needs_clearance
from services.tracking.domain.plausibility import problems_of
from services.tracking.domain.scan import Scan
from services.tracking.store import clearances
from services.tracking.store import scans as log
from services.tracking.use_cases.append_scans import Appended, Outcome, append_scans
from shared.contracts.states import CustomerState
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
    happened: bool = False,
) -> list[ScanResult]:
    """Record what can be recorded and return each scan's result, in their order; locks their journeys.

    Of scans that `happened` while nobody could be asked none is hindered; their results say what would have.
    """
    refused = {
        place: ScanResult(Result.REFUSED, problems=found)
        for place, scan in enumerate(scans)
        if (found := problems_of(scan, offices, now))
    }
    hindered = await _hindered(tx, {place: scan for place, scan in enumerate(scans) if place not in refused})
    refused |= {} if happened else hindered
    accepted = [place for place in range(len(scans)) if place not in refused]
    appended = await append_scans(tx, outbox, [scans[place] for place in accepted], now)
    results = refused | {
        place: _result(one, hindered.get(place)) for place, one in zip(accepted, appended, strict=True)
    }
    return [results[place] for place in range(len(scans))]


async def _hindered(tx: Tx, scans: Mapping[int, Scan]) -> dict[int, ScanResult]:
    """Return the scans that what is known of their items forbids; one that was recorded before that stays so."""
    asking = {place: scan for place, scan in scans.items() if needs_clearance(scan)}
    if not asking:
        return {}
    known = await clearances.find(tx, sorted({scan.item_number for scan in asking.values()}))
    found = {place: why for place, scan in asking.items() if (why := hindrance(scan, known[scan.item_number]))}
    recorded = await log.recorded_among(tx, [scans[place] for place in found]) if found else set()
    return {
        place: ScanResult(Result.REFUSED, problems=(FieldProblem("event_code", why.slug, why.detail),), hindrance=why)
        for place, why in found.items()
        if scans[place].scan_id not in recorded
    }


def _result(appended: Appended, hindered: ScanResult | None) -> ScanResult:
    match appended.outcome:
        case Outcome.RECORDED:
            return ScanResult(Result.RECORDED, appended.state, problems=hindered.problems if hindered else ())
        case Outcome.ALREADY_RECORDED:
            return ScanResult(Result.ALREADY_RECORDED, appended.state)
        case Outcome.SCAN_ID_REUSED:
            return ScanResult(Result.REFUSED, problems=(SCAN_ID_REUSED,))

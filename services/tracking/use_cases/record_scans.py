"""Counters scan parcels: each scan is recorded, known already, or refused with what is wrong with it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.tracking.domain.plausibility import problems_of
from services.tracking.domain.scan import Scan
from services.tracking.use_cases.append_scans import Appended, Outcome, append_scans
from shared.contracts.states import CustomerState
from shared.db.connection import Tx
from shared.errors import FieldProblem
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
    """What became of one scan: the state of the item now, or the problems of a refused scan."""

    result: Result
    state: CustomerState | None = None
    problems: tuple[FieldProblem, ...] = ()


async def record_scans(
    tx: Tx, outbox: Outbox, scans: Sequence[Scan], offices: AbstractSet[str], now: datetime
) -> list[ScanResult]:
    """Record what can be recorded and return each scan's result, in their order; locks their journeys."""
    refused = {place: found for place, scan in enumerate(scans) if (found := problems_of(scan, offices, now))}
    accepted = [place for place in range(len(scans)) if place not in refused]
    appended = await append_scans(tx, outbox, [scans[place] for place in accepted], now)
    results = {place: ScanResult(Result.REFUSED, problems=found) for place, found in refused.items()}
    results.update({place: _result(one) for place, one in zip(accepted, appended, strict=True)})
    return [results[place] for place in range(len(scans))]


def _result(appended: Appended) -> ScanResult:
    match appended.outcome:
        case Outcome.RECORDED:
            return ScanResult(Result.RECORDED, appended.state)
        case Outcome.ALREADY_RECORDED:
            return ScanResult(Result.ALREADY_RECORDED, appended.state)
        case Outcome.SCAN_ID_REUSED:
            return ScanResult(Result.REFUSED, problems=(SCAN_ID_REUSED,))

"""That nothing leaves the country before the post of destination knows what it holds: I4."""

from collections.abc import Callable, Iterator

from services.tracking.domain.clearance import DOMESTIC
from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Source
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1
from tests.faults.evidence import Evidence


def i4_nothing_leaves_before_it_is_told_ahead(evidence: Evidence) -> Iterator[str]:
    """An item of ours for abroad is closed into a dispatch only if parcel told that its advance data are complete.

    The load sends no letters, which need none.
    """
    told_ahead = {
        row.key for row in evidence.outboxes.get("parcel", ()) if row.type == ParcelAdvanceDataCompletedV1.type
    }
    for number, log in evidence.scans.items():
        closed = any(scan.event_code is EventCode.EMC and scan.source is Source.COUNTER for scan in log)
        stays = any(scan.posting and scan.posting.destination_country == DOMESTIC for scan in log)
        if closed and number.endswith(DOMESTIC) and not stays and number not in told_ahead:
            yield f"I4 {number} left the country, and parcel told nothing of its advance data"


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (i4_nothing_leaves_before_it_is_told_ahead,)

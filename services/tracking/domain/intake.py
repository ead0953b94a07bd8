"""What an office that is closed does no more: it takes no parcels in. What lies there is scanned on its way out."""

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Scan
from shared.clock import LOCAL
from shared.contracts.directory import OfficeV1
from shared.errors import FieldProblem

TAKES_IN = frozenset({EventCode.EMA})


def intake_problems(scan: Scan, office: OfficeV1 | None) -> list[FieldProblem]:
    """Return what forbids to take a parcel in where and when a scan says; an older scan that comes late is heard."""
    if scan.event_code not in TAKES_IN or office is None or office.takes_in(scan.occurred_at.astimezone(LOCAL).date()):
        return []
    return [FieldProblem("office", "office-closed", "This office takes in no parcels any more; bring it to another.")]

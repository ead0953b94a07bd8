"""What left the country and should not have: I4."""

from dataclasses import replace

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Posting
from shared.ids import new_id
from tests.faults.evidence import Evidence
from tests.faults.invariants.healthy import NUMBER
from tests.faults.invariants.planting import planted

ABROAD = "CP000000181KH"


def closed(evidence: Evidence, number: str, destination_country: str | None) -> None:
    """Add an item that was closed into a dispatch abroad; without a destination nobody registered it."""
    scanned = replace(evidence.scans[NUMBER][1], item_number=number, event_code=EventCode.EMC, scan_id=new_id())
    log = [scanned]
    if destination_country:
        posting = Posting("ems", destination_country, None, 300, "secret")
        log.append(replace(evidence.scans[NUMBER][0], item_number=number, posting=posting, scan_id=new_id()))
    evidence.scans = {**evidence.scans, number: log}


@planted("I4", "an item that left the country untold", says="told nothing of its advance data")
def _untold(evidence: Evidence) -> None:
    closed(evidence, ABROAD, "KR")


@planted("I4", "an item that left the country and that nobody registered", says="told nothing of its advance data")
def _unregistered(evidence: Evidence) -> None:
    closed(evidence, ABROAD, None)

"""Scans for the tests of tracking: one line each, all at one number unless said."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Posting, Scan, Source
from shared.ids import new_id

NUMBER = "RR473124829GB"
OTHER_NUMBER = "EE471108151FR"
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""Noon in Phnom Penh."""


def scan(code: EventCode, *, minutes: float = 0, at: datetime = NOON, **values: Any) -> Scan:
    """Make a scan some minutes after noon; any field of it may be given."""
    filled: dict[str, Any] = {
        "scan_id": new_id(),
        "item_number": NUMBER,
        "received_at": NOON + timedelta(days=1),
        "office": "TK01",
        "source": Source.COUNTER,
        "device_time": at + timedelta(minutes=minutes),
    }
    return Scan(event_code=code, **(filled | values))


def posting(**values: Any) -> Posting:
    """Make what a registration tells; any field of it may be given."""
    filled: dict[str, Any] = {
        "service": "parcel",
        "destination_country": "KH",
        "collecting_office": "TK02",
        "weight_g": 1200,
        "link_secret_sha256": "ab" * 32,
    }
    return Posting(**(filled | values))

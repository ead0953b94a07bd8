"""A sender took the parcel back; it counts unless the parcel had moved before."""

from collections.abc import Sequence
from datetime import datetime

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Scan, Source
from services.tracking.use_cases.append_scans import append_scans
from shared.contracts.parcel import ParcelCancelledV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def cancel_journeys(tx: Tx, outbox: Outbox, cancelled: Sequence[ParcelCancelledV1], now: datetime) -> None:
    """Record each cancellation; locks their journeys."""
    await append_scans(tx, outbox, [_cancellation_scan(event, now) for event in cancelled], now)


def _cancellation_scan(event: ParcelCancelledV1, now: datetime) -> Scan:
    return Scan(
        scan_id=event.event_id,
        item_number=event.item_number,
        event_code=EventCode.CANCELLED,
        device_time=event.cancelled_at,
        received_at=now,
        office=event.office,
        source=Source.PARCEL,
    )

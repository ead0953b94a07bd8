"""A sender took the parcel back; it counts unless the parcel had moved before."""

from collections.abc import Sequence
from datetime import datetime

from services.tracking.domain.parcel_scans import cancellation_scan
from services.tracking.use_cases.append_scans import append_scans
from shared.contracts.parcel import ParcelCancelledV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def cancel_journeys(tx: Tx, outbox: Outbox, cancelled: Sequence[ParcelCancelledV1], now: datetime) -> None:
    """Record each cancellation; locks their journeys."""
    await append_scans(tx, outbox, [cancellation_scan(event, now) for event in cancelled], now)

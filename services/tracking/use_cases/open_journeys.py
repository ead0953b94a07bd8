"""A registered parcel is expected: its posting begins the journey, or joins the scans that came before it."""

from collections.abc import Sequence
from datetime import datetime

from services.tracking.domain.parcel_scans import posting_scan
from services.tracking.use_cases.append_scans import append_scans
from shared.contracts.parcel import ParcelRegisteredV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def open_journeys(tx: Tx, outbox: Outbox, registered: Sequence[ParcelRegisteredV1], now: datetime) -> None:
    """Record the posting of each registered parcel; locks their journeys."""
    await append_scans(tx, outbox, [posting_scan(event, now) for event in registered], now)

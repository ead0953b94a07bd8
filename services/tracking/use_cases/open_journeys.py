"""A registered parcel is expected: its posting begins the journey, or joins the scans that came before it."""

from collections.abc import Sequence
from datetime import datetime

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Posting, Scan, Source
from services.tracking.use_cases.append_scans import append_scans
from shared.contracts.parcel import ParcelRegisteredV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def open_journeys(tx: Tx, outbox: Outbox, registered: Sequence[ParcelRegisteredV1], now: datetime) -> None:
    """Record the posting of each registered parcel; locks their journeys."""
    await append_scans(tx, outbox, [_posting_scan(event, now) for event in registered], now)


def _posting_scan(event: ParcelRegisteredV1, now: datetime) -> Scan:
    return Scan(
        scan_id=event.event_id,
        item_number=event.item_number,
        event_code=EventCode.EMA,
        device_time=event.registered_at,
        received_at=now,
        office=event.office,
        source=Source.PARCEL,
        posting=Posting(
            service=event.service,
            destination_country=event.destination_country,
            collecting_office=event.collecting_office,
            weight_g=event.weight_g,
            link_secret_sha256=event.link_secret_sha256,
        ),
    )

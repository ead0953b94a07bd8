"""What the parcel service tells, as scans: a posting and a cancellation, each under the id of its event."""

from datetime import datetime

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Posting, Scan, Source
from shared.contracts.parcel import ParcelCancelledV1, ParcelRegisteredV1


def posting_scan(event: ParcelRegisteredV1, received_at: datetime) -> Scan:
    """Return the posting of a registered parcel."""
    return Scan(
        scan_id=event.event_id,
        item_number=event.item_number,
        event_code=EventCode.EMA,
        device_time=event.registered_at,
        received_at=received_at,
        office=event.office,
        source=Source.PARCEL,
        posting=Posting(
            service=event.service,
            destination_country=event.destination_country,
            collecting_office=event.collecting_office,
            weight_g=event.weight_g,
            link_secret_sha256=event.link_secret_sha256,
            door_delivery=event.door_delivery,
        ),
    )


def cancellation_scan(event: ParcelCancelledV1, received_at: datetime) -> Scan:
    """Return the cancellation of a parcel."""
    return Scan(
        scan_id=event.event_id,
        item_number=event.item_number,
        event_code=EventCode.CANCELLED,
        device_time=event.cancelled_at,
        received_at=received_at,
        office=event.office,
        source=Source.PARCEL,
    )

"""Anybody asks for a number and hears where the parcel is; nothing of persons."""

from collections.abc import Mapping

from services.tracking.domain.journey import fold
from services.tracking.domain.public import JourneyNotFound, PublicEvent, PublicJourney
from services.tracking.domain.scan import Scan
from services.tracking.domain.wording import DOOR_DELIVERY_TEXT, SERVICE_TEXTS, STATE_TEXTS, Text
from services.tracking.store import scans
from shared.clock import LOCAL
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.s10 import ItemNumber


async def find_journey(tx: Tx, item_number: ItemNumber, offices: Mapping[str, OfficeV1]) -> PublicJourney:
    """Return the latest journey of a number.

    Raises: JourneyNotFound, alike for numbers never seen and numbers never given out.
    """
    number = str(item_number)
    log = await scans.of_numbers(tx, [number])
    if number not in log:
        raise JourneyNotFound
    journey = fold(log[number])[-1]
    service = journey.posting.service if journey.posting else None
    to_the_door = journey.posting is not None and journey.posting.door_delivery
    return PublicJourney(
        item_number=number,
        state=journey.state,
        state_text=STATE_TEXTS[journey.state],
        place=_place(journey.last.office, offices),
        since=journey.last.occurred_at.astimezone(LOCAL),
        service=service,
        service_text=SERVICE_TEXTS[service] if service else None,
        door_delivery=to_the_door,
        door_delivery_text=DOOR_DELIVERY_TEXT if to_the_door else None,
        events=tuple(_public(scan, offices) for scan in journey.shown),
    )


def _public(scan: Scan, offices: Mapping[str, OfficeV1]) -> PublicEvent:
    return PublicEvent(
        event_code=scan.event_code,
        text=scan.kind.text,
        place=_place(scan.office, offices),
        occurred_at=scan.occurred_at.astimezone(LOCAL),
    )


def _place(code: str | None, offices: Mapping[str, OfficeV1]) -> Text | None:
    office = offices.get(code) if code else None
    return Text(office.name_km, office.name_en) if office else None

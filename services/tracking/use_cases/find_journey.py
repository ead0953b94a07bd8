"""Anybody asks for a number and hears where the parcel is; nothing of persons."""

from collections.abc import Mapping

from services.tracking.domain.event_codes import EVENT_KINDS
from services.tracking.domain.public import JourneyNotFound, PublicEvent, PublicJourney
from services.tracking.domain.wording import SERVICE_TEXTS, STATE_TEXTS, Text
from services.tracking.store import timelines
from services.tracking.store.timelines import Sighting
from shared.clock import LOCAL
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.s10 import ItemNumber


async def find_journey(tx: Tx, item_number: ItemNumber, offices: Mapping[str, OfficeV1]) -> PublicJourney:
    """Return the latest journey of a number.

    Raises: JourneyNotFound, alike for numbers never seen and numbers never given out.
    """
    timeline = await timelines.find_latest(tx, str(item_number))
    if timeline is None:
        raise JourneyNotFound
    return PublicJourney(
        item_number=str(item_number),
        state=timeline.state,
        state_text=STATE_TEXTS[timeline.state],
        place=_place(timeline.office, offices),
        since=timeline.since.astimezone(LOCAL),
        service=timeline.service,
        service_text=SERVICE_TEXTS[timeline.service] if timeline.service else None,
        events=tuple(_public(sighting, offices) for sighting in timeline.sightings),
    )


def _public(sighting: Sighting, offices: Mapping[str, OfficeV1]) -> PublicEvent:
    return PublicEvent(
        event_code=sighting.event_code,
        text=EVENT_KINDS[sighting.event_code].text,
        place=_place(sighting.office, offices),
        occurred_at=sighting.occurred_at.astimezone(LOCAL),
    )


def _place(code: str | None, offices: Mapping[str, OfficeV1]) -> Text | None:
    office = offices.get(code) if code else None
    return Text(office.name_km, office.name_en) if office else None

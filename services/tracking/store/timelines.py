"""The latest journey of a number with its events, read in one statement for everybody who asks."""

from dataclasses import dataclass
from datetime import datetime

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import place_of
from shared.contracts.parcel import Service
from shared.contracts.states import CustomerState
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Sighting:
    """One event: what, at which office, when."""

    event_code: EventCode
    office: str | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """The state of a journey, where and since when it has it, and its events, oldest first."""

    state: CustomerState
    office: str | None
    since: datetime
    service: Service | None
    sightings: tuple[Sighting, ...]


async def find_latest(tx: Tx, item_number: str) -> Timeline | None:
    """Return the timeline of a number's latest journey; None where the number was never seen."""
    records = await tx.fetch(
        """
        select j.state, j.last_office, j.last_occurred_at, j.service,
            s.event_code, s.office, s.occurred_at, s.device_sequence, s.scan_id
        from (
            select state, last_office, last_occurred_at, service, opened_at
            from journey where item_number = $1 order by journey_no desc limit 1
        ) as j
        join scan as s on s.item_number = $1 and s.occurred_at >= j.opened_at
        """,
        item_number,
    )
    if not records:
        return None
    placed = sorted(
        (
            place_of(occurred_at, EventCode(event_code), device_sequence, scan_id),
            EventCode(event_code),
            office,
        )
        for *_, event_code, office, occurred_at, device_sequence, scan_id in records
    )
    sightings = tuple(Sighting(event_code, office, place[0]) for place, event_code, office in placed)
    state, office, since, service, *_ = records[0]
    return Timeline(CustomerState(state), office, since, service, sightings)

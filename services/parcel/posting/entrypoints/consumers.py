"""What the parcel service hears from tracking."""

from collections.abc import Mapping, Sequence

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from services.parcel.customs.use_cases.note_closed_items import note_closed_items
from services.parcel.posting.use_cases.follow_movements import follow_movements
from shared.contracts.envelope import Event
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx
from shared.messaging.consume import Handler
from shared.web.service import Service


async def on_parcel_moved(tx: Tx, events: Sequence[ParcelMovedV1]) -> None:
    """Follow our parcels, also out of the country, and items from abroad."""
    await follow_movements(tx, events)
    await note_closed_items(tx, [event for event in events if event.item_number.endswith(DOMESTIC)])
    if foreign := [event for event in events if not event.item_number.endswith(DOMESTIC)]:
        await follow_inbound_items(tx, foreign)


def handlers(_service: Service) -> Mapping[type[Event], Handler]:
    """Return what is done with each event."""
    return {ParcelMovedV1: on_parcel_moved}

"""A parcel was registered: where it will wait, or that it is brought to the door, becomes known."""

from collections.abc import Sequence

from services.notifications.store import parcels
from services.notifications.store.parcels import Parcel
from shared.contracts.parcel import ParcelRegisteredV1
from shared.db.connection import Tx


async def remember_parcels(tx: Tx, registered: Sequence[ParcelRegisteredV1]) -> None:
    """Keep the newest word on where each parcel is handed over."""
    newest = {event.item_number: event for event in sorted(registered, key=lambda event: event.version)}
    await parcels.save(
        tx,
        [
            Parcel(event.item_number, event.collecting_office, event.version, event.door_delivery)
            for event in newest.values()
        ],
    )

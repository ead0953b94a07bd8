"""Tracking says where parcels are; the counter's list shows it."""

from collections.abc import Sequence

from services.parcel.posting.store import parcels
from services.parcel.posting.store.parcels import Movement
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx


async def follow_movements(tx: Tx, moved: Sequence[ParcelMovedV1]) -> None:
    """Take over the latest state of each parcel; numbers that are not ours pass by."""
    in_order = sorted(moved, key=lambda event: (event.journey_no, event.version))
    latest = {event.item_number: event for event in in_order}
    last_offices = {event.item_number: event.office for event in in_order if event.office}
    ordered = sorted(latest.values(), key=lambda event: event.item_number)
    await parcels.follow(
        tx,
        [
            Movement(e.item_number, e.journey_no, e.version, e.state, e.office, last_offices.get(e.item_number))
            for e in ordered
        ],
    )

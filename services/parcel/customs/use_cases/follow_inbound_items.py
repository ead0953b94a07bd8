"""Tracking says where items from abroad are; those that came to their end are forgotten some day."""

from collections.abc import Sequence

from services.parcel.customs.store import inbound_items
from services.parcel.customs.store.inbound_items import InboundMovement
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx


async def follow_inbound_items(tx: Tx, moved: Sequence[ParcelMovedV1]) -> None:
    """Take over the latest state of each item from abroad; other numbers pass by."""
    latest = {event.item_number: event for event in sorted(moved, key=lambda event: (event.journey_no, event.version))}
    ordered = sorted(latest.values(), key=lambda event: event.item_number)
    await inbound_items.follow(
        tx, [InboundMovement(e.item_number, e.journey_no, e.version, e.state, e.office) for e in ordered]
    )

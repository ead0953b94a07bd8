"""Tracking says which items of ours were closed into a dispatch abroad; what was told ahead of them stays."""

from collections.abc import Sequence

from services.parcel.customs.domain.dispatches import CLOSED
from services.parcel.customs.store import closed_items
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx


async def note_closed_items(tx: Tx, moved: Sequence[ParcelMovedV1]) -> None:
    """Note each item that any of its news shows to have left, whatever came after it."""
    closed = sorted((event for event in moved if event.event_code in CLOSED), key=lambda e: e.occurred_at, reverse=True)
    closed_at = {event.item_number: event.occurred_at for event in closed}
    if closed_at:
        await closed_items.add(tx, closed_at)

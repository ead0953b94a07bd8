"""All that a post abroad must know ahead of an item is there: it may be closed into a dispatch."""

from collections.abc import Sequence

from services.tracking.store import clearances
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1
from shared.db.connection import Tx


async def remember_advance_data(tx: Tx, completed: Sequence[ParcelAdvanceDataCompletedV1]) -> None:
    """Note which items have complete advance data by their latest declaration, registered here yet or not."""
    latest = {event.item_number: event for event in sorted(completed, key=lambda event: event.declaration_version)}
    await clearances.complete(tx, list(latest.values()))

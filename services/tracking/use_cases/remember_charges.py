"""Customs set what the addressee of an item from abroad has to pay, or it was paid."""

from collections.abc import Sequence

from services.tracking.store import clearances
from shared.contracts.parcel import ParcelChargesSetV1
from shared.db.connection import Tx


async def remember_charges(tx: Tx, told: Sequence[ParcelChargesSetV1]) -> None:
    """Take over the latest word on the charges of each item."""
    latest = {event.item_number: event for event in sorted(told, key=lambda event: event.version)}
    await clearances.charge(tx, list(latest.values()))

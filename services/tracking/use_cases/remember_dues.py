"""A registration says what the recipient is to pay."""

from collections.abc import Sequence

from services.tracking.store import clearances
from shared.contracts.parcel import ParcelRegisteredV1
from shared.db.connection import Tx


async def remember_dues(tx: Tx, registered: Sequence[ParcelRegisteredV1]) -> None:
    """Take over what is due on each item on which something is."""
    latest = {event.item_number: event for event in registered if event.cod_amount_minor or event.postage_due_riel}
    if latest:
        await clearances.owe(tx, list(latest.values()))

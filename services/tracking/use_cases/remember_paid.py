"""The ledger says that what was due from a recipient is paid."""

from collections.abc import Sequence

from services.tracking.store import clearances
from shared.contracts.parcel import ParcelCodBookedV1
from shared.db.connection import Tx


async def remember_paid(tx: Tx, booked: Sequence[ParcelCodBookedV1]) -> None:
    """Note that items are paid."""
    await clearances.pay(tx, booked)

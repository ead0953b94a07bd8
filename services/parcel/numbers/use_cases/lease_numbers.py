"""A running process leases serials from an office's block, so that a registration needs no statement for its number."""

from datetime import datetime

from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases.reserve_numbers import reserve_numbers
from shared.db.connection import Tx


async def lease_numbers(tx: Tx, office: str, indicator: str, count: int, now: datetime) -> range:
    """Lease up to `count` serials, at least one; the office gets a new block when it has none left.

    Raises: NumbersExhausted.
    """
    serials = await numbers.lease(tx, office, indicator, count)
    if serials:
        return serials
    await reserve_numbers(tx, office, indicator, now)
    return await numbers.lease(tx, office, indicator, count)

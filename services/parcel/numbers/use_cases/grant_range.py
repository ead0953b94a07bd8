"""The post grants serials for an indicator, from which offices reserve their blocks."""

from services.parcel.numbers.domain.ranges import RangeOverlaps, must_be_grantable
from services.parcel.numbers.store import numbers
from services.parcel.numbers.store.numbers import Range
from shared.db.connection import Tx


async def grant_range(tx: Tx, indicator: str, first_serial: int, last_serial: int, *, provisional: bool) -> Range:
    """Grant a range, or say of one that is there whether it is provisional still; keeps other grants waiting.

    Serials of an earlier range are never granted again, used up or not: numbers may come back after 24 months
    at the earliest (UPU S10), and those of a parcel that is kept never do.

    Raises: Invalid, RangeOverlaps.
    """
    must_be_grantable(indicator, first_serial, last_serial)
    granted = await numbers.grant(tx, indicator, first_serial, last_serial, provisional=provisional)
    if granted is None:
        raise RangeOverlaps
    return granted

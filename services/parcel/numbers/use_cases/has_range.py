"""Whether the post granted any serials for an indicator."""

from services.parcel.numbers.store import numbers
from shared.db.connection import Tx


async def has_range(tx: Tx, indicator: str) -> bool:
    """Tell whether there is a range of an indicator, used up or not."""
    return any(one.indicator == indicator for one in await numbers.ranges(tx))

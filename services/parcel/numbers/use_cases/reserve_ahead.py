"""A counter reserves item numbers for its office, before it needs them and within a bound."""

from datetime import datetime

from services.parcel.numbers.domain.ahead import TooManyNumbersAhead
from services.parcel.numbers.store import numbers
from services.parcel.numbers.store.numbers import Block
from services.parcel.numbers.use_cases.reserve_numbers import reserve_numbers
from shared.db.connection import Tx


async def reserve_ahead(tx: Tx, office: str, indicator: str, size: int, most: int, now: datetime) -> Block:
    """Reserve a block of up to `size` serials, unless the office would have more than `most` unused ones.

    Raises: NumbersExhausted, TooManyNumbersAhead.
    """
    block = await reserve_numbers(tx, office, indicator, now, size)
    # Counted behind the reservation, which lets one at a time through: of two at once the second counts the first.
    if await numbers.unused(tx, office, indicator) > most:
        raise TooManyNumbersAhead(most)
    return block

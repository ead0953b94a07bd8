"""An office gets item numbers ahead of need, as a block that is its own for ever."""

from datetime import datetime

from services.parcel.numbers.store import numbers
from services.parcel.numbers.store.numbers import Block
from shared.db.connection import Tx
from shared.errors import Conflict

BLOCK_SIZE = 10_000


class NumbersExhausted(Conflict):
    """No item numbers are left for this service; an administrator must add a range."""

    slug = "numbers-exhausted"


async def reserve_numbers(tx: Tx, office: str, indicator: str, now: datetime, size: int = BLOCK_SIZE) -> Block:
    """Reserve a block of up to `size` serials.

    Raises: NumbersExhausted.
    """
    block = await numbers.reserve(tx, office, indicator, size, now)
    if block is None:
        raise NumbersExhausted(f"The range {indicator} is used up or was never granted.")
    return block

"""An office gets item numbers to print on stickers before there are parcels for them."""

from datetime import datetime

from services.parcel.numbers.store import numbers
from services.parcel.numbers.store.numbers import Block
from services.parcel.numbers.use_cases.reserve_numbers import NumbersExhausted
from shared.db.connection import Tx


async def reserve_stickers(tx: Tx, office: str, indicator: str, size: int, now: datetime) -> Block:
    """Reserve a block of up to `size` serials that are given to parcels by their stickers alone.

    Raises: NumbersExhausted.
    """
    block = await numbers.reserve(tx, office, indicator, size, now, stickers=True)
    if block is None:
        raise NumbersExhausted(f"The range {indicator} is used up or was never granted.")
    return block

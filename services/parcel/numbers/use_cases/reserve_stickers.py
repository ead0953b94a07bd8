"""An office gets item numbers to print on stickers before there are parcels for them, within a bound."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.numbers.domain.ahead import STICKERS_KEPT_FOR, TooManyStickersAhead
from services.parcel.numbers.store import numbers
from services.parcel.numbers.store.numbers import Block
from services.parcel.numbers.use_cases.reserve_numbers import NumbersExhausted
from shared.db.connection import Tx
from shared.s10 import ItemNumber

CountRegistered = Callable[[Tx, Sequence[tuple[str, str]]], Awaitable[int]]
"""Counts the parcels whose numbers lie in spans, each from its first to its last number."""


async def reserve_stickers(
    tx: Tx, office: str, indicator: str, size: int, most: int, count_registered: CountRegistered, now: datetime
) -> Block:
    """Reserve a block of up to `size` serials that are given to parcels by their stickers alone.

    Refused if the office would have more than `most` that are no parcel's yet.

    Raises: NumbersExhausted, TooManyStickersAhead.
    """
    block = await numbers.reserve(tx, office, indicator, size, now, stickers=True)
    if block is None:
        raise NumbersExhausted(f"The range {indicator} is used up or was never granted.")
    # Counted behind the reservation, which lets one at a time through: of two at once the second counts the first.
    printed = await numbers.sticker_blocks(tx, office, indicator, now - STICKERS_KEPT_FOR)
    bound = await count_registered(tx, [_span(one) for one in printed])
    if sum(one.last_serial + 1 - one.first_serial for one in printed) - bound > most:
        raise TooManyStickersAhead(most)
    return block


def _span(block: Block) -> tuple[str, str]:
    first, last = (ItemNumber(block.indicator, serial, DOMESTIC) for serial in (block.first_serial, block.last_serial))
    return str(first), str(last)

"""A counter's device gets the next block of item numbers, which are given out by it alone, with a line or without."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from services.parcel.numbers.domain.device_blocks import (
    BLOCK_SIZE,
    MOST_UNSEEN,
    UNSEEN_FOR,
    LeasedBlock,
    TooManyNumbersUnseen,
    must_need_refill,
)
from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases.find_blocks_of_device import find_blocks_of_device
from services.parcel.numbers.use_cases.reserve_numbers import NumbersExhausted
from shared.db.connection import Tx

CountRegistered = Callable[[Tx, Sequence[tuple[str, str]]], Awaitable[int]]
"""Counts the parcels whose numbers lie in spans, each from its first to its last number."""


async def lease_block(
    tx: Tx,
    device_id: UUID,
    office: str,
    indicator: str,
    unused: int,
    count_registered: CountRegistered,
    now: datetime,
) -> LeasedBlock:
    """Lease a block to a device that says how many numbers of these letters it has unused.

    Its word is held against what is known here, so that a device that miscounts cannot empty a range.

    Raises: NumbersEnough, NumbersExhausted, TooManyNumbersUnseen.
    """
    must_need_refill(unused)
    block = await numbers.reserve(tx, office, indicator, BLOCK_SIZE, now, device_id=device_id)
    if block is None:
        raise NumbersExhausted(f"The range {indicator} is used up or was never granted.")
    # Counted behind the reservation, which lets one at a time through: of two at once the second counts the first.
    leased = [one for one in await find_blocks_of_device(tx, device_id, now - UNSEEN_FOR) if one.indicator == indicator]
    registered = await count_registered(tx, [(one.first_number, one.last_number) for one in leased])
    if sum(one.count for one in leased) - registered > MOST_UNSEEN:
        raise TooManyNumbersUnseen
    return LeasedBlock(block.indicator, block.first_serial, block.last_serial)

"""Staff find the stickers of their office."""

from services.parcel.numbers.store import numbers
from services.parcel.numbers.store.numbers import Block
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.errors import NotFound
from shared.s10 import ItemNumber


class StickerRangeNotFound(NotFound):
    """No stickers of your office have this number."""

    slug = "sticker-range-not-found"


async def find_sticker_range(tx: Tx, actor: Actor, number: ItemNumber) -> Block:
    """Return the block of stickers that a number is in.

    Raises: StickerRangeNotFound.
    """
    block = await numbers.sticker_block(tx, number.indicator, number.serial)
    if block is None or not actor.acts_for(block.office):
        raise StickerRangeNotFound
    return block

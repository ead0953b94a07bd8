"""A registration names the number of a sticker, which must be one that the office may stick on such an item."""

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.numbers.store import numbers
from shared.db.connection import Tx
from shared.errors import Conflict, FieldProblem, Invalid
from shared.s10 import ItemNumber


class StickerUsed(Conflict):
    """This number is another parcel's already; take the next sticker."""

    slug = "sticker-used"


async def must_be_sticker(tx: Tx, office: str, indicator: str, number: ItemNumber) -> None:
    """Check that a number stands on a sticker of an office and begins as this service's numbers do.

    Numbers of the office's other blocks are leased to running processes, which may give them to another parcel at any
    moment; those of stickers never are.

    Whether it is used already shows when the parcel is written.

    Raises: Invalid.
    """
    if number.indicator != indicator:
        message = f"Take a sticker whose number begins with {indicator}; this service needs it."
        raise Invalid([FieldProblem("item_number", "other-indicator", message)])
    block = await numbers.sticker_block(tx, number.indicator, number.serial)
    if number.country != DOMESTIC or block is None or block.office != office:
        message = "Take a sticker that was printed for your office, or leave the number out."
        raise Invalid([FieldProblem("item_number", "not-your-sticker", message)])

"""Staff print the stickers that their office reserved."""

from dataclasses import dataclass
from datetime import datetime

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.documents.domain.label import mark_of
from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.use_cases.note_print import note_print
from services.parcel.numbers.use_cases.find_sticker_range import find_sticker_range
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.s10 import ItemNumber


@dataclass(frozen=True, slots=True)
class Stickers:
    """Numbers to print, and what staff sort them by."""

    numbers: tuple[ItemNumber, ...]
    mark: str


async def print_stickers(tx: Tx, actor: Actor, number: ItemNumber, now: datetime) -> Stickers:
    """Return the stickers of the range that a number is in, and note that they are printed.

    Raises: StickerRangeNotFound, NoIndicatorsInForce.
    """
    block = await find_sticker_range(tx, actor, number)
    serials = range(block.first_serial, block.last_serial + 1)
    numbers = tuple(ItemNumber(block.indicator, serial, DOMESTIC) for serial in serials)
    await note_print(tx, actor, str(numbers[0]), Kind.STICKERS, now)
    return Stickers(numbers, mark_of(block.indicator, now.astimezone(LOCAL).date()))

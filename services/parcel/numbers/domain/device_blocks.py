"""Blocks of numbers that counters' devices lease: how large they are, and when there is another one.

A device that loses its line just before a refill still has half a block for the day, five hundred numbers; so many
registrations of one counter are more than a day's work.
"""

from dataclasses import dataclass
from datetime import timedelta

from services.parcel.addresses.domain.countries import DOMESTIC
from shared.errors import Conflict
from shared.s10 import ItemNumber

BLOCK_SIZE = 1_000
REFILLED_AT = BLOCK_SIZE // 2
"""Unused numbers with which a device may ask for the next block, or with fewer."""
MOST_UNSEEN = 4 * BLOCK_SIZE
"""Numbers of a device that are no parcel's yet, as far as is known here."""
UNSEEN_FOR = timedelta(days=30)
"""What was leased longer ago and is no parcel's is taken for lost with the device's store; it is never leased again."""


class NumbersEnough(Conflict):
    """The device has more than half a block of these numbers; it gets the next one when it has used them."""

    slug = "numbers-enough"


class TooManyNumbersUnseen(Conflict):
    """Too many numbers of the device are no parcel's yet; let it send what it registered, then ask again."""

    slug = "too-many-numbers-unseen"

    def __init__(self) -> None:
        super().__init__(f"At most {MOST_UNSEEN} of the same two letters.")


@dataclass(frozen=True, slots=True)
class LeasedBlock:
    """Serials that one device gives out, each once."""

    indicator: str
    first_serial: int
    last_serial: int

    @property
    def count(self) -> int:
        """Return how many they are."""
        return self.last_serial + 1 - self.first_serial

    @property
    def first_number(self) -> str:
        """Return the first one as an item number."""
        return str(ItemNumber(self.indicator, self.first_serial, DOMESTIC))

    @property
    def last_number(self) -> str:
        """Return the last one as an item number."""
        return str(ItemNumber(self.indicator, self.last_serial, DOMESTIC))


def must_need_refill(unused: int) -> None:
    """Check that a device has used half a block.

    Raises: NumbersEnough.
    """
    if unused > REFILLED_AT:
        raise NumbersEnough(f"It gets the next block with {REFILLED_AT} unused or fewer.")

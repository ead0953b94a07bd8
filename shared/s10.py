"""Item numbers of 13 characters: two letters, eight digits, a check digit, the issuing country.

Source: UPU S10-12. The check digit guards the serial only; 1.8 % of single-digit slips pass it.
"""

import re
from dataclasses import dataclass
from operator import mul
from typing import Self

from shared.errors import FieldProblem, Invalid

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
RESERVED_FIRST_LETTERS = frozenset("JKSTW")
ZEROES = ord("0") * sum(WEIGHTS)
CHECK_DIGITS = "50987654321"
"""By the remainder of the weighted sum."""
SERIALS = 10**8
_SHAPE = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_SEPARATORS = re.compile(r"[\s\-\u200b]+")


class InvalidItemNumber(Invalid):
    """This is not an item number."""

    slug = "invalid-item-number"

    def __init__(self, code: str, message: str) -> None:
        super().__init__([FieldProblem("item_number", code, message)], message)
        self.code = code


def check_digit(serial: int) -> int:
    """Return the digit that follows an eight-digit serial."""
    total: int = sum(map(mul, map(int, f"{serial:08d}"), WEIGHTS))
    complement = 11 - total % 11
    return {10: 0, 11: 5}.get(complement, complement)


def is_written(text: str) -> bool:
    """Tell whether a text is a valid number exactly as `str()` of it gives it; quicker than reading it."""
    if _SHAPE.fullmatch(text) is None or text[0] in RESERVED_FIRST_LETTERS:
        return False
    total = sum(map(mul, text[2:10].encode(), WEIGHTS)) - ZEROES
    return CHECK_DIGITS[total % 11] == text[10]


def grouped(number: str) -> str:
    """Return the 13 characters of an item number as a label shows them, grouped 2-3-3-3-2."""
    return " ".join((number[:2], number[2:5], number[5:8], number[8:11], number[11:]))


@dataclass(frozen=True, slots=True, order=True)
class ItemNumber:
    """One valid item number; `str()` gives the 13 characters, `grouped` what people read."""

    indicator: str
    serial: int
    country: str

    def __post_init__(self) -> None:
        if self.indicator[0] in RESERVED_FIRST_LETTERS:
            raise InvalidItemNumber("reserved-indicator", f"No item number begins with {self.indicator}.")
        if not 0 <= self.serial < SERIALS:
            raise InvalidItemNumber("serial-range", "The serial has eight digits.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people type it: any case, spaces and hyphens allowed."""
        compact = _SEPARATORS.sub("", text).upper()
        shape = _SHAPE.fullmatch(compact)
        if shape is None:
            raise InvalidItemNumber(
                "item-number-shape", "An item number is two letters, nine digits and two letters: RR473124829GB."
            )
        number = cls(shape[1], int(shape[2]), shape[4])
        if check_digit(number.serial) != int(shape[3]):
            raise InvalidItemNumber(
                "check-digit", "The check digit does not fit the number; compare it with the label."
            )
        return number

    def __str__(self) -> str:
        return f"{self.indicator}{self.serial:08d}{check_digit(self.serial)}{self.country}"

    @property
    def grouped(self) -> str:
        """Return the number as a label shows it, grouped 2-3-3-3-2."""
        return grouped(str(self))

"""The short number that a sender writes on a parcel by hand: a few digits and one that finds slips of the pen.

Source: H. M. Damm, Total anti-symmetric quasigroups (2004): finds each single wrong digit and each swap of neighbours.
"""

import re
import unicodedata

from shared.errors import FieldProblem, Invalid

FEWEST_DIGITS = 4
FIRST_SERIAL = 10 ** (FEWEST_DIGITS - 1)
"""Without zeros in front, which people and spreadsheets drop."""
MOST_DIGITS = 8
_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_WRITTEN = re.compile(rf"[0-9]{{{FEWEST_DIGITS + 1},{MOST_DIGITS + 1}}}")
_BETWEEN = re.compile(r"[\s\-\u2013.]+")


def written(serial: int) -> str:
    """Return the number of a serial as it is written on a parcel, such as `4821-7`."""
    return f"{serial}-{_check_digit(str(serial))}"


def read_short_number(text: str, field: str = "number") -> int:
    """Return the serial of a number as somebody typed it, with Khmer digits or without the dash.

    Raises: Invalid.
    """
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in digits)
    if not _WRITTEN.fullmatch(plain):
        message = f"Write the number on the parcel: {FEWEST_DIGITS} digits or more, a dash and one digit."
        raise Invalid([FieldProblem(field, "not-a-short-number", message)])
    if _check_digit(plain):
        raise Invalid([FieldProblem(field, "wrong-check-digit", "One digit is wrong or two are swapped; look again.")])
    return int(plain[:-1])


def last_of_length(serial: int) -> int:
    """Return the last serial that has as many digits."""
    return int(10 ** len(str(serial))) - 1


def _check_digit(digits: str) -> int:
    """Return what follows some digits; of digits with their check digit it is zero."""
    row = 0
    for digit in digits:
        row = _QUASIGROUP[row][int(digit)]
    return row

"""Ranges of serials that the post may grant for an indicator."""

from services.parcel.addresses.domain.countries import DOMESTIC
from shared.contracts.items import PRACTICE_INDICATOR
from shared.errors import Conflict, FieldProblem, Invalid
from shared.s10 import RESERVED_FIRST_LETTERS


class RangeOverlaps(Conflict):
    """Some of these serials were granted before; no number is given twice."""

    slug = "range-overlaps"


def may_be_granted(indicator: str) -> bool:
    """Tell whether numbers of ours may begin with these letters."""
    return indicator[0] not in RESERVED_FIRST_LETTERS and indicator != PRACTICE_INDICATOR


def must_be_grantable(indicator: str, first_serial: int, last_serial: int) -> None:
    """Check a range by itself.

    Raises: Invalid.
    """
    problems = []
    if not may_be_granted(indicator):
        message = f"No number that ends with {DOMESTIC} and is carried begins with {indicator}."
        problems.append(FieldProblem("indicator", "not-granted", message))
    if last_serial < first_serial:
        problems.append(
            FieldProblem("last_serial", "before-the-first", "Give a last serial that is not below the first one.")
        )
    if problems:
        raise Invalid(problems)

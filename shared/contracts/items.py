"""The item number as events carry it: 13 characters as `shared.s10` writes them, and which of them are practice."""

from typing import Annotated

from pydantic import AfterValidator

from shared.s10 import is_written


def _as_written(text: str) -> str:
    if not is_written(text):
        raise ValueError("not an item number")
    return text


ItemNumberText = Annotated[str, AfterValidator(_as_written)]

PRACTICE_INDICATOR = "ZP"
"""For use inside a country (UPU S10-12), and granted to no office: a scanner that meets one knows what it is."""


def is_practice(item_number: str) -> bool:
    """Tell whether a number stands on a parcel that is only practice; other posts may give theirs the same letters."""
    return item_number.startswith(PRACTICE_INDICATOR) and item_number.endswith("KH")

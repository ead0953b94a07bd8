"""The item number as events carry it: 13 characters as `shared.s10` writes them, and no other spelling."""

from typing import Annotated

from pydantic import AfterValidator

from shared.s10 import is_written


def _as_written(text: str) -> str:
    if not is_written(text):
        raise ValueError("not an item number")
    return text


ItemNumberText = Annotated[str, AfterValidator(_as_written)]

"""After how long a number of another post may name another item; dated, in `rules/number_reuse.json`."""

from datetime import date
from functools import cache
from typing import Annotated

from pydantic import Field, TypeAdapter

from services.parcel.customs.domain.dated import RULES, Sourced, latest


class ReuseRule(Sourced):
    """For how many calendar months a number that came in names the one item."""

    version: str
    reused_after_months: Annotated[int, Field(ge=12)]


def reused_after_months(on: date) -> int:
    """Return the calendar months of a day's rule."""
    return latest(_rules(), on).reused_after_months


@cache
def _rules() -> tuple[ReuseRule, ...]:
    return TypeAdapter(tuple[ReuseRule, ...]).validate_json((RULES / "number_reuse.json").read_bytes())

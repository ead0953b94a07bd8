"""How long after the last news an item sent abroad counts as lost; dated, in `rules/silence.json`."""

from datetime import date, timedelta
from functools import cache
from typing import Annotated

from pydantic import Field, TypeAdapter

from services.parcel.customs.domain.dated import RULES, Sourced, latest


class SilenceRule(Sourced):
    """After how many days without news nobody asks for an item any more."""

    version: str
    lost_after_days: Annotated[int, Field(ge=1)]


def lost_after(on: date) -> timedelta:
    """Return how long after its last news an item counts as lost, by the rule of a day."""
    return timedelta(days=latest(_rules(), on).lost_after_days)


@cache
def _rules() -> tuple[SilenceRule, ...]:
    return TypeAdapter(tuple[SilenceRule, ...]).validate_json((RULES / "silence.json").read_bytes())

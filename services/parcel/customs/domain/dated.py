"""Facts that hold from one day on, as the room's rule files give them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from shared.errors import Conflict

RULES = Path(__file__).parents[1] / "rules"


class NoRulesInForce(Conflict):
    """No customs rules of a kind that is needed are in force on this day; an administrator must add them."""

    slug = "no-customs-rules-in-force"


class Dated(BaseModel):
    """A fact, the days it holds on, and whether it is confirmed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    valid_until: date | None = None
    """The last day."""
    provisional: bool = False

    def holds(self, on: date) -> bool:
        """Tell whether it holds on a day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class Sourced(Dated):
    """A fact that says where it is from."""

    source: str


DatedT = TypeVar("DatedT", bound=Dated)


def latest(facts: Iterable[DatedT], on: date) -> DatedT:
    """Return the newest of the facts that hold on a day.

    Raises: NoRulesInForce.
    """
    newest = max((fact for fact in facts if fact.holds(on)), key=lambda fact: fact.valid_from, default=None)
    if newest is None:
        raise NoRulesInForce
    return newest

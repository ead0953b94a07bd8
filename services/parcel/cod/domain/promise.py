"""When a sender is to have the money: so many working days after it was with the post."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared.editions import Edition, Editions
from shared.errors import Conflict

FILES = Path(__file__).parents[1] / "promises"
SATURDAY = 5


class NoPromiseInForce(Conflict):
    """No promise of payout is in force on this day; an administrator must add one."""

    slug = "no-promise-in-force"


class Promise(Edition):
    """How long the post takes, and on which days it does not work."""

    working_days: Annotated[int, Field(ge=0, le=30)]
    holidays: tuple[date, ...]

    def due_on(self, ready_on: date) -> date:
        """Return the day by whose end money that was there on a day is with its sender."""
        day, left = ready_on, self.working_days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < SATURDAY and day not in self.holidays
        return day


@cache
def editions() -> Editions[Promise]:
    """Return every promise there is."""
    return Editions.read(FILES, Promise)


def promised_on(ready_on: date) -> date:
    """Return the day that is promised for money that was there on a day.

    Raises: NoPromiseInForce.
    """
    return editions().in_force(ready_on, NoPromiseInForce).due_on(ready_on)

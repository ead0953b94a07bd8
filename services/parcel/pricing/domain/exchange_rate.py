"""The day's rate: how many riel a dollar is worth."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.errors import Conflict, NotFound


class RateNotFound(NotFound):
    """No exchange rate was set for this day or one before it."""

    slug = "exchange-rate-not-found"


class DayIsOver(Conflict):
    """The rate of a day that is over stays as it is; amounts were given with it."""

    slug = "day-is-over"


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """The rate of one day, in force until another is set."""

    day: date
    riel_per_usd: int
    set_by: str
    set_at: datetime
    version: int = 1
    """Grows each time that the rate of the day is set again."""

    def is_stale(self, day: date, after_days: int) -> bool:
        """Tell whether the rate was set so long before a day that somebody should look at it."""
        return (day - self.day).days > after_days

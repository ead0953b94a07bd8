"""Until when one may ask about an item, and how long its holder and the post take; dated, in `terms/`."""

import calendar
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared.editions import Edition, Editions, Part
from shared.errors import Conflict

FILES = Path(__file__).parents[1] / "terms"


class NoTermsInForce(Conflict):
    """No terms of claims are in force on this day; an administrator must add them."""

    slug = "no-claim-terms-in-force"


class Spans(Part):
    """Spans of one kind of items."""

    ask_within_months: Annotated[int, Field(ge=1, le=60)]
    """From the day after posting."""
    answer_within_days: Annotated[int, Field(ge=1, le=180)]
    settle_within_days: Annotated[int, Field(ge=1, le=365)]
    source: str

    def last_day_to_ask(self, posted_on: date) -> date:
        """Return the last day on which one may ask about an item."""
        return _months_after(posted_on + timedelta(days=1), self.ask_within_months) - timedelta(days=1)

    def answer_by(self, asked_on: date) -> date:
        """Return the last day of the holder's time."""
        return asked_on + timedelta(days=self.answer_within_days)

    def settle_by(self, asked_on: date) -> date:
        """Return the day by whose end it is to be settled."""
        return asked_on + timedelta(days=self.settle_within_days)


class Terms(Edition):
    """The terms of one span of days."""

    domestic: Spans
    international: Spans

    def of(self, *, is_international: bool) -> Spans:
        """Return the spans of one kind of items."""
        return self.international if is_international else self.domestic


@cache
def editions() -> Editions[Terms]:
    """Return all terms there are."""
    return Editions.read(FILES, Terms)


def terms_on(day: date) -> Terms:
    """Return the terms of a day.

    Raises: NoTermsInForce.
    """
    return editions().in_force(day, NoTermsInForce)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

"""Releases of the whole, each named by its day, and which of them may still send what their counters wrote.

Days are counted back from the release that answers, not from today: where nothing is released for a year, no counter
is shut out by the calendar.
"""

from datetime import date, timedelta

RELEASED_ON = date(2026, 12, 1)
"""The day of this release; whoever makes a release sets it."""
MAY_SEND_FOR = timedelta(days=90)


def oldest() -> date:
    """Return the oldest release that may still send."""
    return RELEASED_ON - MAY_SEND_FOR


def may_send(released_on: date) -> bool:
    """Tell whether a device of a release may still send; one of a later release than this may, too."""
    return released_on >= oldest()

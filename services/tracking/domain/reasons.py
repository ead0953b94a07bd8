"""Why a parcel was held, not handed over or stopped, and what was done then: lists by day, in dated files.

Provisional: the numbered UPU lists are not public; what each list rests on is said in its file.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from shared.contracts.states import CustomerState
from shared.editions import Edition, EditionProblem, Editions, Part

FILES = Path(__file__).parents[1] / "reasons"


class Reasons(StrEnum):
    """The lists of a file."""

    NON_DELIVERY_REASONS = "non_delivery_reasons"
    ACTIONS = "actions"
    RETENTION_REASONS = "retention_reasons"
    TERMINATION_REASONS = "termination_reasons"


class Choice(Part):
    """One entry of a list, in Khmer and English."""

    km: str
    en: str
    leads_to: Literal[CustomerState.LOST, CustomerState.RETURNING] | None = None
    """The state that an event has by this entry, where it is another than its code gives."""


class ReasonLists(Edition):
    """One edition of all lists, each by the codes of its entries."""

    non_delivery_reasons: dict[str, Choice]
    actions: dict[str, Choice]
    retention_reasons: dict[str, Choice]
    termination_reasons: dict[str, Choice]

    def choices(self, which: Reasons) -> Mapping[str, Choice]:
        """Return the entries of a list by their codes."""
        found: Mapping[str, Choice] = getattr(self, which.value)
        return found


@cache
def editions() -> Editions[ReasonLists]:
    """Return every edition there is.

    Raises: EditionProblem, where there is none.
    """
    found = Editions.read(FILES, ReasonLists)
    if not found.by_version:
        raise EditionProblem(f"There are no lists of reasons in {FILES}.")
    return found


def lists_on(day: date) -> ReasonLists:
    """Return the lists in force on a day; a day without any has those that were the last before, or the first.

    What was scanned stays what it was, whatever becomes of the lists: only the day of the scan counts.
    """
    there = tuple(editions().by_version.values())
    return next((edition for edition in reversed(there) if edition.valid_from <= day), there[0])

"""What a holder says of an item that somebody asks about."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from services.parcel.claims.domain.claim import State
from shared.errors import FieldProblem, Invalid

To = Literal["recipient", "office", "carrier", "post_abroad"]


class Answer(StrEnum):
    """What the holder found."""

    FOUND = "found"
    HANDED_OVER = "handed_over"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who had an item last: an office, or the post of a country."""

    office: str | None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, and to whom the item went by it.

    Raises: Invalid.
    """

    answer: Answer
    handed_to: To | None = None
    handed_to_code: str | None = None
    """Of the office, carrier or country."""

    def __post_init__(self) -> None:
        if (self.answer is Answer.HANDED_OVER) is not bool(self.handed_to):
            raise Invalid([FieldProblem("handed_to", "to-whom", "Say to whom, of what was handed over alone.")])
        if (self.handed_to in {"office", "carrier", "post_abroad"}) is not bool(self.handed_to_code):
            raise Invalid([FieldProblem("handed_to_code", "to-whom", "Name the office, carrier or country.")])

    @property
    def next_holder(self) -> Holder | None:
        """Return who is asked next: the office or post that the item went to."""
        match self.handed_to:
            case "office":
                return Holder(self.handed_to_code)
            case "post_abroad":
                return Holder(None, self.handed_to_code)
            case _:
                return None

    @property
    def state(self) -> State:
        """Return where a claim stands after it."""
        if self.next_holder:
            return State.ENQUIRED
        return State.FOUND if self.answer is Answer.FOUND else State.ANSWERED

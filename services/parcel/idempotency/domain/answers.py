"""What a creating request is answered, and what becomes of an answer whose people are forgotten."""

from dataclasses import dataclass

from shared.errors import Conflict


class AnswerForgotten(Conflict):
    """What was answered to this request named people who are forgotten now."""

    slug = "answer-forgotten"

    def __init__(self) -> None:
        super().__init__("It was done, and not again now: the item was withdrawn or forgotten since.")


@dataclass(frozen=True, slots=True)
class AnswerOfItem:
    """An answer that names the people of an item, with whom it is forgotten."""

    item_number: str
    answer: bytes

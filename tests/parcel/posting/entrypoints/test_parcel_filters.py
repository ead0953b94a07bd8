"""Whatever filters a list is asked with, together or alone, it holds what a filter of plain Python leaves."""

import csv
import io
from collections.abc import Callable

import pytest

from shared.access.roles import Role
from shared.db.connection import Database
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.counter import Counter
from tests.parcel.posting.entrypoints.paging import whole_list
from tests.parcel.posting.stored_parcels import Question, Stored, every_parcel, every_question, store

PAGE = 9
Sees = Callable[[Stored], bool]
READERS: dict[str, tuple[Role, str, Sees]] = {
    "who reads all": (Role.AUDITOR, HOME, lambda _: True),
    "an office": (Role.CLERK, AWAY, lambda one: AWAY in one.offices),
    "a shop": (Role.TRADER, HOME, lambda one: one.trader == str(SHOPS[HOME])),
}


@pytest.mark.parametrize("first", [None, "problems"])
@pytest.mark.parametrize("reader", READERS)
async def test_all_filters_combine_in_lists_and_tables(
    counter: Counter, parcel_db: Database, reader: str, first: str | None
) -> None:
    role, office, sees = READERS[reader]
    parcels = every_parcel()
    await store(parcel_db, parcels)
    headers = good(counter.key, actor_id(role, office))
    seen = 0
    for question in _allowed(every_question(first), role):
        expected = question.answer(filter(sees, parcels))
        assert await whole_list(counter, headers, PAGE, **question.parameters) == expected, question
        assert await _table(counter, headers, question) == expected, question
        seen += len(expected)
    assert seen > len(parcels)


@pytest.mark.parametrize("first", [None, "problems"])
async def test_each_filter_leaves_something_out_whatever_else_is_asked(first: str | None) -> None:
    parcels = every_parcel()
    answers = {question: question.answer(parcels) for question in every_question(first)}
    all_asked = every_question(first)[-1]
    assert len(answers[all_asked]) >= 1
    for name in vars(all_asked).keys() - {"first"}:
        one_less = Question(**{**vars(all_asked), name: None})
        assert len(answers[one_less]) > len(answers[all_asked]), name


def _allowed(questions: list[Question], role: Role) -> list[Question]:
    """Leave out what a clerk may not ask: for another office."""
    return [one for one in questions if role is not Role.CLERK or one.office is None]


async def _table(counter: Counter, headers: dict[str, str], question: Question) -> list[str]:
    answer = await counter.client.get("/parcels.csv", params=question.parameters, headers=headers)
    assert answer.status_code == 200, answer.text
    return [row["item_number"] for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))]

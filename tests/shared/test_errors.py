"""Gathering: every part's problems come together at the end, and no other error waits."""

from collections.abc import Sequence

import pytest

from shared.errors import Conflict, FieldProblem, Invalid, gathering


def gather(*parts: Exception | None) -> None:
    with gathering() as part:
        for error in parts:
            with part():
                if error:
                    raise error


def wrong(*fields: str) -> Invalid:
    return Invalid([FieldProblem(field, "wrong", "Say it better.") for field in fields])


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        ([wrong("a", "b"), None, wrong("c")], ["a", "b", "c"]),
        ([None, wrong("a")], ["a"]),
    ],
)
def test_the_problems_of_all_parts_come_in_their_order(parts: Sequence[Exception | None], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        gather(*parts)

    assert [one.field for one in refused.value.problems] == fields


def test_a_block_without_problems_gives_what_its_parts_found() -> None:
    with gathering() as part, part():
        found = 1

    assert found == 1


@pytest.mark.parametrize("error", [Conflict(), KeyError("defect")])
def test_another_error_goes_up_at_once_and_is_not_hidden(error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        gather(wrong("a"), error, AssertionError("the block went on"))

    assert raised.value is error

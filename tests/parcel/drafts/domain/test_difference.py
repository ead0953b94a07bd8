"""What differs from what was announced, above the tolerance."""

import pytest

from services.parcel.drafts.domain.announced import Announced, Weighed
from services.parcel.drafts.domain.difference import differences
from services.parcel.posting.domain.person import Person
from tests.parcel.bodies import AWAY, HOME, THIRD

PERSON = Person("Sok Dara", "+85512345678", "km")


def announced(weight_g: int | None) -> Announced:
    return Announced(PERSON, PERSON, THIRD, weight_g=weight_g)


@pytest.mark.parametrize(
    ("said_g", "weighed_g", "differs"),
    [(1_000, 1_100, False), (1_000, 1_101, True), (5_000, 5_500, False), (5_000, 4_499, True), (None, 9_000, False)],
)
def test_a_weight_differs_beyond_a_tenth_and_a_hundred_grams(said_g: int | None, weighed_g: int, differs: bool) -> None:
    found = differences(announced(said_g), Weighed(weighed_g), HOME, HOME)

    assert bool(found) is differs
    assert {(problem.field, problem.code) for problem in found} <= {("weight_g", "differs")}


def test_another_office_than_announced_is_a_difference() -> None:
    (found,) = differences(announced(None), Weighed(1), HOME, AWAY)

    assert found.field == "office"

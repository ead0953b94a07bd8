"""Columns are guessed from their names, and a choice must name those that are needed."""

import pytest

from services.parcel.imports.domain.columns import guess, must_be_mapping, names_of
from shared.errors import Invalid


def test_names_in_khmer_and_english_are_known() -> None:
    header = ["ឈ្មោះអ្នកទទួល", "Phone Number:", "ការិយាល័យ", "COD (USD)", "Order No.", "Weight (kg)", "Notes"]

    assert guess(header) == {
        "name": 0,
        "phone": 1,
        "collecting_office": 2,
        "cod_usd": 3,
        "order_reference": 4,
        "weight_kg": 5,
    }


def test_of_two_of_one_meaning_the_first_counts() -> None:
    assert guess(["Phone", "Tel", "Name"]) == {"phone": 0, "name": 2}


@pytest.mark.parametrize(
    ("mapping", "problems"),
    [
        ({"name": 0}, [("mapping.phone", "missing")]),
        ({"name": 0, "phone": 7}, [("mapping.phone", "no-such-column")]),
        ({"name": 1, "phone": 1}, [("mapping.name", "named-twice"), ("mapping.phone", "named-twice")]),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, int], problems: list[tuple[str, str]]) -> None:
    with pytest.raises(Invalid) as refusal:
        must_be_mapping(mapping, ["a", "b"])
    assert [(one.field, one.code) for one in refusal.value.problems] == problems


def test_names_are_shown_without_what_nobody_sees() -> None:
    assert names_of(["Na\x00me\u200b ", "  two\nlines", "x" * 500]) == ["Name", "two lines", "x" * 120]

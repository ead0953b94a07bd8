"""What is counted is of notes that there are, and they make up the amount."""

import pytest

from services.parcel.cash.domain.counting import Count, must_be_counts
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ([Count("KHR", 52_000, {50_000: 1, 1_000: 2}), Count("USD", 0)], []),
        ([Count("KHR", 52_000, {50_000: 1})], [("counted.0.notes", "does-not-add-up")]),
        ([Count("USD", 300, {300: 1})], [("counted.0.notes", "unknown-note")]),
        ([Count("KHR", 1), Count("KHR", 2)], [("counted.1.currency", "named-twice")]),
    ],
)
def test_counts_are_held_against_their_notes(counts: list[Count], codes: list[tuple[str, str]]) -> None:
    found: list[tuple[str, str]] = []
    try:
        must_be_counts(counts)
    except Invalid as refused:
        found = [(problem.field, problem.code) for problem in refused.problems]
    assert found == codes

"""What a post abroad can read, and what it cannot."""

import unicodedata

import pytest

from services.parcel.addresses.domain.latin_letters import is_latin, latin_problem


@pytest.mark.parametrize(
    "text",
    [
        "Kim Minji",
        "101-1203 Hangang-daero 405, #7 (rear)",
        "Nguyễn Thị Hương",
        unicodedata.normalize("NFD", "Nguyễn Thị Hương"),
        "Łódź, ul. Święty Jan 5/3",
        "Straße 1 · Köln",
        "O\u2019Brien \u2013 \u201cThe Mill\u201d",
        "Apt. №5",
    ],
)
def test_latin_letters_are_read_with_their_accents_and_signs(text: str) -> None:
    assert is_latin(text)
    assert latin_problem(text, "recipient.name") is None


@pytest.mark.parametrize(
    "text",
    ["ចាន់ ធីតា", "Chan Thida ចាន់ ធីតា", "House ២៤", "김민지", "李小龙", "Иванов", "Ελένη", "a\u200bb", "٢٤"],
)
def test_other_letters_and_figures_are_named_by_their_field(text: str) -> None:
    problem = latin_problem(text, "recipient.name")
    assert problem is not None
    assert (problem.field, problem.code) == ("recipient.name", "not-readable-abroad")
    assert text not in problem.message

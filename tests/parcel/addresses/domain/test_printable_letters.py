"""Which letters papers show, and as what."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.addresses.domain.printable_letters import (
    NOT_SHOWN,
    as_printed,
    print_problem,
    unprintable_letters,
)

VIETNAMESE = "àáãèéìíòóõùúýăâđêôơưĩũ"
LETTERS = [*map(chr, range(0x1EA0, 0x1EFA)), *VIETNAMESE, *VIETNAMESE.upper()]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("ភ្នំ\u200bពេញ", "ភ្នំពេញ"),
        ("  Sok \u00a0 Dara\t", "Sok Dara"),
        ("E\u0301lise", "Élise"),
        ("\ufeffTakeo", "Takeo"),
        ("Trần Thị Hương", "Trần Thi Huong"),
        ("Tra\u0302\u0300n", "Trần"),
        ("Đặng Ước", "Đăng Uóc"),
        ("\uff34\uff41\uff4beo \u2116 5", "Takeo No 5"),
        ("Sok 😀\ufe0f Dara", "Sok ? Dara"),
        ("สมชาย", "?????"),
        ("", ""),
    ],
)
def test_a_text_is_printed_in_the_letters_that_papers_have(typed: str, printed: str) -> None:
    assert as_printed(typed) == printed


def test_every_vietnamese_letter_is_printed_and_half_of_them_with_all_their_accents() -> None:
    whole = [letter for letter in LETTERS if as_printed(letter) == letter]

    assert (len(LETTERS), len(whole)) == (134, 70)
    assert not unprintable_letters("".join(LETTERS))
    assert {"ế", "ầ", "ỗ", "ẵ"} <= set(whole), "two accents, where the font has both"
    assert all(
        unicodedata.normalize("NFD", as_printed(letter))[0] in "aăâdđeêioôơuưyAĂÂDĐEÊIOÔƠUƯY" for letter in LETTERS
    )


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("សុខ ចាន់ដារ៉ា\u200b Sok Dara-O'Brien, 12/3", []),
        ("王小明", ["小", "明", "王"]),
        ("สมชาย", ["ช", "ม", "ย", "ส", "า"]),
        ("Élise Жд", ["Ж", "д"]),
        ("Ələsgər", ["Ə", "ə"]),
        ("សុខ ቡና", ["ቡ", "ና"]),
    ],
)
def test_letters_that_no_paper_shows_are_named_out_of_order(text: str, letters: list[str]) -> None:
    assert unprintable_letters(text) == letters


def test_a_problem_names_the_field_and_few_letters() -> None:
    problem = print_problem("สมชาย", "recipient.name")

    assert problem is not None
    assert (problem.field, problem.code) == ("recipient.name", "glyph-missing")
    assert problem.message.endswith(": ช, ม, ย")
    assert print_problem("Chan Thida", "recipient.name") is None


@given(st.text(max_size=40))
def test_what_is_not_refused_loses_no_letter(text: str) -> None:
    printed = as_printed(text)
    assert as_printed(printed) == printed
    if not unprintable_letters(text) and NOT_SHOWN not in text:
        assert NOT_SHOWN not in printed

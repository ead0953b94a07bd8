"""Texts that look the same become the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.addresses.domain.khmer_folding import folded

KHMER = st.text(alphabet=[*map(chr, range(0x1780, 0x17DE)), "\u200b", " "], max_size=12)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("ភ\u17c6\u17d2ន\u17b6", "ភ\u17d2ន\u17b6\u17c6"),
        ("ភ\u17c6\u17d2ន", "ភ្នំ"),
        ("ក\u17c2\u17d2រ", "ក្រែ"),
        ("ស\u17d2រ\u17d2ត", "ស\u17d2ត\u17d2រ"),
        ("ស\u17b8\u17ca", "ស\u17ca\u17b8"),
        ("ស\u17bb\u17b8", "ស\u17ca\u17b8"),
        ("ធ\u17c6\u17bb", "ធុំ"),
        ("ត\u17b6\u17b6", "តា"),
    ],
    ids=[
        "a sign and a vowel before the subscript",
        "a sign before the subscript",
        "a vowel before the subscript",
        "RO before another subscript",
        "a vowel before the shifter",
        "U for a shifter under a high vowel",
        "two signs the other way round",
        "a vowel typed twice",
    ],
)
def test_the_order_in_which_signs_were_typed_does_not_matter(typed: str, same: str) -> None:
    assert folded(typed) == folded(same)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("ជ\u17c1\u17b8ង", "ជ\u17beង"),
        ("ជ\u17b8\u17c1ង", "ជ\u17beង"),
        ("ក\u17c1\u17b6ះ", "ក\u17c4ះ"),
        ("ជ\u17be\u17c1\u17b8ង", "ជ\u17beង"),
        ("ឧត\u17d2\u178aរ", "ឧត\u17d2\u178fរ"),
        ("អណ្ដែត", "អណ្តែត"),
        ("ឲ្យ", "ឱ្យ"),
        ("ភ្នំ\u200bពេញ", "ភ្នំពេញ"),
        ("\ufeffភ្នំ\u200cពេ\u200dញ", "ភ្នំពេញ"),
        ("ទី ១២", "ទី 12"),
        ("  Sok \u00a0 DARA ", "sok dara"),
        ("Ngô Thị Đào", "ngo thi dao"),
        ("Sok\u00adha", "sokha"),
    ],
)
def test_what_looks_the_same_is_one_spelling(typed: str, same: str) -> None:
    assert folded(typed) == folded(same)


@pytest.mark.parametrize(("one", "other"), [("តា", "តី"), ("កា", "ខា"), ("ស្រី", "សី"), ("ពេញ", "ពែញ"), ("sok", "sak")])
def test_what_looks_different_stays_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.one_of(KHMER, st.text(max_size=20)))
def test_a_folded_text_is_folded(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(KHMER, st.integers(0, 12))
def test_a_hidden_break_changes_nothing(text: str, at: int) -> None:
    assert folded(f"{text[:at]}\u200b{text[at:]}") == folded(text)

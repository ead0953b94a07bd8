"""Names as they may stand in a message."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.names import COENG, gsm_form, plain, shortened
from services.notifications.domain.segments import is_gsm7


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("  Sok   Dara ", "Sok Dara"),
        ("Sok\nDara", "Sok Dara"),
        ("សុខ\u200bតារា", "សុខតារា"),
        ("win.example/prize", "win. example prize"),
        ("https://t.me/x", "https t. me x"),
        ("Dara \u202eevil", "Dara evil"),
        ("O'Neil-Sok Jr.", "O'Neil-Sok Jr."),
        ("Shop 168 & Sons (Takeo)", "Shop 168 & Sons (Takeo)"),
        ("<b>Dara</b> {{ item }}", "b Dara b item"),
        ("", ""),
    ],
)
def test_a_name_keeps_letters_and_loses_what_could_mislead(name: str, expected: str) -> None:
    assert plain(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ngô Thị Lan", "Ngo Thi Lan"), ("Müller", "Muller"), ("Sok Dara", "Sok Dara"), ("សុខ តារា", ""), ("Đặng", "")],
)
def test_a_name_goes_into_the_gsm_alphabet_or_is_left_out(name: str, expected: str) -> None:
    assert gsm_form(name) == expected


def test_a_cut_keeps_khmer_syllables_whole() -> None:
    # Cutting after five units would leave a consonant without its subscript.
    assert shortened("ភ្នំពេញ", 6, "…") == "ភ្នំ…"
    assert shortened("ភ្នំពេញ", 7, "…") == "ភ្នំពេញ"


def test_a_short_name_is_left_as_it_is() -> None:
    assert shortened("តាកែវ", 20, "…") == "តាកែវ"


@given(st.text(alphabet=st.sampled_from("កខភនតពញំេាិីុ្់៉សo é😀\u200c"), max_size=40), st.integers(2, 30))
def test_no_cut_is_longer_than_allowed_or_ends_in_half_a_letter(name: str, most: int) -> None:
    cut = shortened(name, most, "…")
    assert len(cut.encode("utf-16-le")) // 2 <= most
    if cut != name:
        kept = cut.removesuffix("…")
        assert not kept.endswith(COENG)
        rest = name[len(kept) :]
        assert not kept or unicodedata.category(rest[0])[0] != "M"


@given(st.text(max_size=60))
def test_any_name_becomes_one_line_without_a_link(name: str) -> None:
    text = plain(name)
    assert "\n" not in text
    assert "/" not in text
    assert not re.search(r"\.\S", text)


@given(st.text(max_size=60))
def test_the_gsm_form_is_always_gsm(name: str) -> None:
    assert is_gsm7(gsm_form(plain(name)))

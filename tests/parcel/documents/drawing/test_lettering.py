"""Where lines end, how small text may become, and what cannot be printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icu4py.breakers import CharacterBreaker, LineBreaker

from services.parcel.addresses.domain.printable_letters import as_printed
from services.parcel.documents.drawing import lettering
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import (
    LEGIBLE_PT,
    Run,
    TextTooLong,
    forget_texts,
    lines_of,
    lines_within,
    width_mm,
)
from tests.parcel.documents.papers import LONG_KHMER, LONG_LATIN

KHMER_WORDS = ["ភ្នំពេញ", "តាកែវ", "កញ្ចប់", "បញ្ញើ", "សុភ័ក្ត្រ", "ស្ត្រី", "ប្រៃសណីយ៍", "អង្គរបូរី", "ខ៊ី"]
LATIN_WORDS = ["Takeo", "Bati", "12/3,", "O'Brien", "Élise", "https://post.example/t/PD100000051KH/9sK2mQx7Lp"]


def boundaries(text: str) -> set[int]:
    ends, place = set(), 0
    for word in LineBreaker(text, "km"):
        place += len(word)
        ends.add(place)
    return ends


@pytest.mark.parametrize("text", [LONG_KHMER, LONG_LATIN, f"{LONG_KHMER} {LONG_LATIN}"])
@pytest.mark.parametrize("width", [30.0, 48.0, 97.0])
def test_lines_end_between_words_and_nothing_is_cut_off(text: str, width: float) -> None:
    text = as_printed(text)
    lines = lines_of(Run(text, 11, 11), width)
    assert len(lines) > 1
    place = 0
    for line in lines:
        assert text[place:].startswith(line.text)
        place += len(line.text)
        place += len(text[place:]) - len(text[place:].lstrip())
        assert place in boundaries(text)
    assert place == len(text)
    assert max(line.width_mm for line in lines) <= width


@given(st.lists(st.sampled_from(KHMER_WORDS + LATIN_WORDS), min_size=1, max_size=25), st.floats(15, 100))
def test_no_line_is_wider_than_its_box_and_no_sign_is_lost(words: list[str], width: float) -> None:
    text = " ".join(words)
    lines = lines_of(Run(text, 12, 9), width)
    assert max(line.width_mm for line in lines) <= width + 1e-6
    assert "".join("".join(line.text for line in lines).split()) == "".join(text.split())


def test_a_word_longer_than_a_line_breaks_between_letters_with_all_their_signs() -> None:
    word = "ស្ត្រី" * 12
    lines = lines_of(Run(word, 12, 12), 20)
    letters = set(CharacterBreaker(word, "km"))
    assert len(lines) > 1
    assert all(set(CharacterBreaker(line.text, "km")) <= letters for line in lines)


def test_a_name_shrinks_to_its_stated_size_and_then_takes_a_second_line() -> None:
    short, medium, long = (lines_of(Run("ឈួន សុភ័ក្ត្រ " * count, 15, 11), 60.0) for count in (1, 3, 6))
    assert [line.size_pt for line in short] == [15]
    assert len(medium) == 1
    assert 11 <= medium[0].size_pt < 15
    assert [line.size_pt for line in long] == [11] * len(long)
    assert len(long) > 1


def test_a_block_shrinks_until_it_fits_and_is_refused_when_nobody_could_read_it() -> None:
    lines = lines_within([Run(LONG_LATIN, 14, 14)], 60, 15)
    assert sum(line.height_mm for line in lines) <= 15
    assert LEGIBLE_PT <= lines[0].size_pt < 14
    with pytest.raises(TextTooLong) as refused:
        lines_within([Run(LONG_LATIN, 14, 14)], 60, 3)
    assert refused.value.problems[0].code == "text-too-long"


@pytest.mark.parametrize(
    ("written", "printed"), [("Nguyễn Thị Hồng", "Nguyễn Thi Hồng"), ("李小龙", "???"), ("Sok 😀 Dara", "Sok ? Dara")]
)
def test_no_text_is_refused_for_its_letters(written: str, printed: str) -> None:
    (line,) = lines_of(Run(written, 10, 10), 50)
    assert line.text == printed


def test_a_text_that_is_too_long_is_not_repeated() -> None:
    with pytest.raises(TextTooLong) as refused:
        lines_within([Run("Sok Dara", 14, 14)], 10, 1)
    assert "8 signs" in refused.value.detail
    assert "Dara" not in refused.value.detail


def test_texts_are_forgotten_when_they_are_drawn() -> None:
    lines_of(Run("Sok Dara", 10, 10), 50)
    assert lettering._shaped.cache_info().currsize
    forget_texts()
    assert lettering._shaped.cache_info().currsize == 0


def test_an_empty_text_takes_no_line() -> None:
    assert lines_of(Run(" ", 10, 10), 50) == []


def test_khmer_among_latin_is_measured_as_shaped() -> None:
    apart = width_mm("shirt", Weight.REGULAR, 10) + width_mm("ស្ត្រី", Weight.REGULAR, 10)
    assert width_mm("shirtស្ត្រី", Weight.REGULAR, 10) == pytest.approx(apart)

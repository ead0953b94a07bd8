"""Descriptions become words that compare whatever their case, number and accents."""

import pytest

from services.parcel.customs.domain.words import holds_phrase, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cotton T-Shirts", ("cotton", "t", "shirt")),
        ("BATTERIES, dresses & watches", ("battery", "dress", "watch")),
        ("glass of 12 boxes", ("glass", "of", "box")),
        ("Échantillons", ("echantillon",)),
        ("cactus axis", ("cactus", "axis")),
        ("pies", ("pie",)),
        ("12-34", ()),
    ],
)
def test_words_are_singular_and_plain(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("two power banks for phones", "power bank", True),
        ("bank of power", "power bank", False),
        ("power", "power bank", False),
        ("coins", "coin", True),
        ("coincidence", "coin", False),
    ],
)
def test_a_phrase_is_held_only_side_by_side_and_word_by_word(text: str, phrase: str, held: bool) -> None:
    assert holds_phrase(words_of(text), words_of(phrase)) is held

"""Which descriptions customs abroad accepts and which say nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.customs.domain.descriptions import english_for, is_read_abroad, is_vague, vague_words
from tests.parcel.customs.declarations import LINE, TODAY

VAGUE = [
    "gift",
    "Gift",
    "GIFTS",
    "a gift",
    "gift for my mother",
    "parts",
    "spare parts",
    "Spare Part",
    "clothes",
    "CLOTHES",
    "used clothes",
    "women's clothes",
    "clothing",
    "samples",
    "sample",
    "commercial samples",
    "free sample no commercial value",
    "food",
    "food products",
    "Food Product",
    "products",
    "goods",
    "misc. goods",
    "various items",
    "personal effects",
    "presents",
    "souvenirs",
    "accessories",
    "electronics",
    "merchandise",
    "things",
    "5 items",
    "gifts, clothes and food",
    "cadeaux",
    "Échantillons commerciaux",
    "pièces détachées",
    "vêtements",
    "123",
    "-",
    "",
    "x",
]
TOLD = [
    "cotton t-shirt",
    "Cotton T-Shirts",
    "gift: silk scarf",
    "spare parts for motorcycle, brake levers",
    "dried fish",
    "food supplement capsules",
    "palm sugar",
    "Kampot pepper",
    "women's leather shoes",
    "used smartphone",
    "wedding photographs",
    "plastic toy car",
    "printed book",
    "tea",
    "wooden spoon set",
    "T-shirt en coton",
    "sample of woven silk",
    "glassware",
    "partridge feathers",
    "giftwrap paper",
    "goodyear tyre sticker",
]


@pytest.mark.parametrize("description", VAGUE)
def test_a_description_of_empty_words_alone_is_vague(description: str) -> None:
    assert is_vague(description, TODAY)


@pytest.mark.parametrize("description", TOLD)
def test_one_word_that_says_what_it_is_is_enough(description: str) -> None:
    assert not is_vague(description, TODAY)


@given(st.lists(st.sampled_from(sorted(vague_words()[0].vague)), min_size=1, max_size=4))
def test_no_row_of_vague_words_says_anything(words: list[str]) -> None:
    assert is_vague(" ".join(words).upper(), TODAY)
    assert not is_vague(" ".join([*words, "umbrella"]), TODAY)


@pytest.mark.parametrize(
    ("description", "read"),
    [
        ("ក្រមាអំបោះ", False),
        ("krama ក្រមា", False),
        ("茶叶 tea", False),
        ("ชา", False),
        ("чай", False),
        ("tea 🍵", False),
        ("cotton krama", True),
        ("Échantillon", True),
        ("áo dài lụa", True),
        ("Palm sugar, 350 g (½ bag)", False),
        ("Palm sugar, 350 g, 2 €", True),
    ],
)
def test_only_latin_letters_that_forms_show_are_read_abroad(description: str, read: bool) -> None:
    assert is_read_abroad(description) is read


@pytest.mark.parametrize(
    ("goods", "description", "english"),
    [
        ("krama-silk", "ក្រមា", "Silk scarf (krama)"),
        (None, "ក្រមាអំបោះ", "Cotton scarf (krama)"),
        (None, "茶叶", None),
        ("no-such-thing", "茶叶", None),
    ],
)
def test_the_english_of_a_thing_is_that_of_the_catalogue(
    goods: str | None, description: str, english: str | None
) -> None:
    assert english_for(replace(LINE, goods=goods, description=description), TODAY) == english

"""The catalogue: found by a Khmer or English word, every thing with a code and an acceptable description."""

import pytest

from services.parcel.customs.domain.descriptions import is_read_abroad, is_vague
from services.parcel.customs.domain.goods import Goods, catalogue, find_goods
from tests.parcel.customs.declarations import TODAY


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ក្រមា", "krama-cotton"),
        ("ក្រមា\u200bសូត្រ", "krama-silk"),
        ("ម្រេច កំពត", "pepper-kampot"),
        ("ត្រីងៀត", "fish-dried"),
        ("ស្ករត្នោត", "palm-sugar"),
        ("អង្ករ", "rice-milled"),
        ("SMARTPHONE", "smartphone"),
        ("dried fish", "fish-dried"),
        ("driedfish", "fish-dried"),
        ("book", "book"),
        ("Kampot", "pepper-kampot"),
        ("shoe", "shoes-sports"),
    ],
)
def test_a_thing_is_found_by_a_word_of_either_language(text: str, first: str) -> None:
    assert find_goods(text, TODAY, 5)[0].id == first


def test_a_word_of_nothing_finds_nothing_and_an_empty_one_the_beginning() -> None:
    assert find_goods("zebra", TODAY, 5) == []
    assert [goods.id for goods in find_goods("", TODAY, 2)] == ["krama-cotton", "krama-silk"]


def test_what_is_not_yet_valid_is_not_offered() -> None:
    assert find_goods("krama", TODAY.replace(year=2021), 5) == []


def test_there_are_at_least_sixty_things() -> None:
    assert len(catalogue()) >= 60


@pytest.mark.parametrize("thing", catalogue().values(), ids=lambda thing: str(thing.id))
def test_every_thing_can_be_declared_as_the_catalogue_gives_it(thing: Goods) -> None:
    assert thing.hs_code.isdigit()
    assert len(thing.hs_code) == 6
    assert 1 <= int(thing.hs_code[:2]) <= 97
    assert not is_vague(thing.en, TODAY)
    assert is_read_abroad(thing.en)
    assert not is_read_abroad(thing.km)
    assert thing.provisional

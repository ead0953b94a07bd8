"""The catalogue: found by a Khmer or English word, every thing with a code and an acceptable description."""

import re
from datetime import date

import pytest

from services.parcel.customs.domain import goods as goods_module
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


@pytest.mark.parametrize(
    "goods", [one for one in catalogue(TODAY).values() if "\u17d2" in one.km], ids=lambda one: one.id
)
def test_a_thing_is_found_however_its_signs_are_ordered(goods: Goods) -> None:
    swapped = re.sub("(\u17d2.)([\u17b6-\u17c5])", r"\2\1", goods.km)
    assert goods in find_goods(swapped, TODAY, 50)


def test_a_word_of_nothing_finds_nothing_and_an_empty_one_the_beginning() -> None:
    assert find_goods("zebra", TODAY, 5) == []
    assert [goods.id for goods in find_goods("", TODAY, 2)] == ["krama-cotton", "krama-silk"]


def test_what_is_not_yet_valid_is_not_offered() -> None:
    assert find_goods("krama", TODAY.replace(year=2021), 5) == []


@pytest.mark.parametrize(
    ("on", "hs_codes"),
    [
        (date(2025, 12, 31), {}),
        (date(2026, 1, 1), {"krama": "111111", "fan": "333333"}),
        (date(2027, 1, 1), {"krama": "222222", "fan": "333333"}),
        (date(2028, 1, 1), {"krama": "222222"}),
    ],
)
def test_the_catalogue_is_the_one_of_the_day(
    monkeypatch: pytest.MonkeyPatch, on: date, hs_codes: dict[str, str]
) -> None:
    krama = Goods(id="krama", km="ក", en="Scarf", hs_code="111111", tags=frozenset(), valid_from=date(2026, 1, 1))
    newer = krama.model_copy(update={"hs_code": "222222", "valid_from": date(2027, 1, 1)})
    fan = krama.model_copy(update={"id": "fan", "hs_code": "333333", "valid_until": date(2027, 12, 31)})
    monkeypatch.setattr(goods_module, "every_edition", lambda: (krama, fan, newer))
    goods_module.catalogue.cache_clear()
    assert {one.id: one.hs_code for one in catalogue(on).values()} == hs_codes
    assert {one.id for one in find_goods("", on, 5)} == hs_codes.keys()
    goods_module.catalogue.cache_clear()


def test_there_are_at_least_sixty_things() -> None:
    assert len(catalogue(TODAY)) >= 60


@pytest.mark.parametrize("thing", catalogue(TODAY).values(), ids=lambda thing: str(thing.id))
def test_every_thing_can_be_declared_as_the_catalogue_gives_it(thing: Goods) -> None:
    assert thing.hs_code.isdigit()
    assert len(thing.hs_code) == 6
    assert 1 <= int(thing.hs_code[:2]) <= 97
    assert not is_vague(thing.en, TODAY)
    assert is_read_abroad(thing.en)
    assert not is_read_abroad(thing.km)
    assert thing.provisional

"""The words on paper are there, in every language, and can be printed."""

import tomllib
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from services.parcel.customs.domain.declaration import Category
from services.parcel.documents.domain.wording import TEXTS, customs_captions, small_customs_captions, words
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import width_mm
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import LineCode
from services.parcel.pricing.domain.tariff import editions
from shared.contracts.parcel import Language, Service


def texts(model: BaseModel) -> Iterator[str]:
    for value in model.__dict__.values():
        if isinstance(value, BaseModel):
            yield from texts(value)
        else:
            yield value


@pytest.mark.parametrize("language", ["km", "en"])
def test_every_word_of_a_language_can_be_printed(language: Language) -> None:
    assert all(width_mm(text, Weight.BOLD, 10) > 0 for text in texts(words(language)))


def test_khmer_is_written_in_khmer() -> None:
    own = [text for text in texts(words("km")) if any("\u1780" <= sign <= "\u17d3" for sign in text)]
    assert len(own) == len(list(texts(words("km"))))


def test_the_receipt_says_what_the_post_never_asks_for() -> None:
    assert "never asks" in words("en").receipt.never_asks
    assert "មិនដែល" in words("km").receipt.never_asks


def test_every_line_of_a_price_and_every_payer_has_a_name() -> None:
    assert {*LineCode} == {*words("en").price.__dict__}
    assert {*Payer} == {*words("en").payer.__dict__}
    assert {*get_args(Service)} == {*words("en").service.__dict__}


def test_every_zone_of_every_tariff_has_a_name() -> None:
    offers = [offer for tariff in editions().by_version.values() for offer in tariff.services.values()]
    priced = {zone for offer in offers for zone in offer.postage}
    assert priced == {*words("en").zone.__dict__}


def test_french_names_only_fields_that_forms_have() -> None:
    french = tomllib.loads((TEXTS / "fr.toml").read_text())
    assert french.keys() == {"customs"}
    assert french["customs"].keys() <= customs_captions().keys()


def test_forms_name_every_choice_in_english_french_and_khmer() -> None:
    captions = customs_captions()
    assert {*Category, *IfUndeliverable} <= captions.keys() == small_customs_captions().keys()
    assert captions["gift"] == "Gift / Cadeau · អំណោយ"
    assert captions["documents"] == "Documents · ឯកសារ"
    assert captions["abandon"] == "Treat as abandoned · ចាត់ទុកជាបោះបង់"
    assert small_customs_captions()["gift"] == "Gift · អំណោយ"


def test_no_caption_of_a_form_lacks_khmer_but_the_long_one_of_the_small_form() -> None:
    for captions in (customs_captions(), small_customs_captions()):
        lacking = {field for field, text in captions.items() if not any("\u1780" <= sign <= "\u17d3" for sign in text)}
        assert lacking <= {"declare"}
    assert any("\u1780" <= sign <= "\u17d3" for sign in customs_captions()["declare"])

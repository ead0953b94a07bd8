"""Which mandatory elements of the advance data of an item are still missing."""

from dataclasses import replace
from typing import Any

import pytest

from services.parcel.customs.domain.advance_data import missing_elements
from services.parcel.customs.domain.declaration import Category
from tests.parcel.customs.declarations import DECLARATION, LINE, POSTED, TODAY, declared


def test_nothing_is_missing_of_an_item_that_is_told_in_full() -> None:
    assert missing_elements(DECLARATION, POSTED, TODAY) == []


@pytest.mark.parametrize("role", ["sender", "addressee"])
@pytest.mark.parametrize(("name", "value"), [("name", ""), ("address", ()), ("phone", None), ("phone", "")])
def test_both_parties_need_a_name_an_address_and_a_phone(role: str, name: str, value: Any) -> None:
    party = replace(getattr(POSTED, role), **{name: value})

    assert missing_elements(DECLARATION, replace(POSTED, **{role: party}), TODAY) == [f"{role}.{name}"]


def test_goods_of_business_need_code_and_origin_on_each_line() -> None:
    bare = replace(LINE, hs_code=None, origin_country=None)

    assert missing_elements(declared(LINE, bare), POSTED, TODAY) == []
    assert missing_elements(declared(LINE, bare, category=Category.SALE_OF_GOODS), POSTED, TODAY) == [
        "lines.1.hs_code",
        "lines.1.origin_country",
    ]

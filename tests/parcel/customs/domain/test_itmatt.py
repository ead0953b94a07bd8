"""Advance data written and read again: nothing is lost, nothing foreign comes in, and what is wrong is named."""

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.customs.domain.declaration import Category
from services.parcel.customs.domain.itmatt import (
    AdvanceData,
    Article,
    CategoryCode,
    ItmattParty,
    advance_data_of,
    read,
    written,
)
from services.parcel.pricing.domain.money import Amount
from shared.errors import Invalid
from shared.s10 import ItemNumber
from tests.parcel.customs.declarations import DECLARATION, LINE, POSTED, declared

lines = st.text(st.characters(min_codepoint=32, codec="utf-8"), min_size=1, max_size=60)
countries = st.sampled_from(["KH", "KR", "US", "FR"])
currency_codes = st.sampled_from(["KHR", "USD", "EUR", "XAF"])
amounts = st.integers(0, 10**12)
numbers = st.builds(
    lambda indicator, serial, country: str(ItemNumber(indicator, serial, country)),
    st.sampled_from(["CP", "EE", "LX", "RR"]),
    st.integers(0, 99_999_999),
    countries,
)
parties = st.builds(
    ItmattParty,
    name=lines,
    country=countries,
    address=st.lists(lines, max_size=4),
    postal_code=st.none() | lines,
    phone=st.none() | lines,
    email=st.none() | lines,
    tax_code=st.none() | lines,
)
articles = st.builds(
    Article,
    description=lines,
    quantity=st.integers(1, 100_000),
    net_weight_g=st.integers(0, 100_000),
    value_minor=amounts,
    hs_code=st.none() | st.sampled_from(["610910", "61091000", "6109100010"]),
    origin_country=st.none() | countries,
)
messages = st.builds(
    AdvanceData,
    item_number=numbers,
    category=st.sampled_from(get_args(CategoryCode)),
    explanation=st.none() | lines,
    sender=parties,
    addressee=parties,
    total_value_minor=amounts,
    currency=currency_codes,
    total_weight_g=st.integers(0, 100_000),
    articles=st.lists(articles, min_size=1, max_size=5),
    postage_minor=st.none() | amounts,
    insured_value_minor=st.none() | amounts,
    postage_currency=st.none() | currency_codes,
    insured_value_currency=st.none() | currency_codes,
    licence_number=st.none() | lines,
    certificate_number=st.none() | lines,
    invoice_number=st.none() | lines,
    comments=st.none() | lines,
)


def message(**values: Any) -> dict[str, Any]:
    """Return a message from Korea; None leaves an element out."""
    filled = {
        "item_number": "RR473124829GB",
        "category": "gift",
        "sender": {"name": "Kim Minji", "country": "KR", "address": ["Seoul"]},
        "addressee": {"name": "ចាន់ ធីតា", "country": "KH", "phone": "097 123 4567"},
        "total_value_minor": 20_000,
        "currency": "KRW",
        "total_weight_g": 900,
        "articles": [{"description": "ginseng tea", "quantity": 2, "net_weight_g": 700, "value_minor": 20_000}],
    } | values
    return {name: value for name, value in filled.items() if value is not None}


def sent(**values: Any) -> bytes:
    return json.dumps(message(**values), ensure_ascii=False).encode()


@given(messages)
def test_what_is_written_is_read_again_as_it_was(data: AdvanceData) -> None:
    assert read(written(data)) == data


@given(messages)
def test_no_number_is_written_with_a_point(data: AdvanceData) -> None:
    floats: list[str] = []
    json.loads(written(data), parse_float=floats.append)
    assert floats == []


TOLD = {
    "item_number": "CP100000003KH",
    "category": "sale_of_goods",
    "sender": {
        "name": "Sok Dara",
        "country": "KH",
        "address": ["Village 3", "Takeo"],
        "phone": "+85512345678",
        "tax_code": "K001-100200300",
    },
    "addressee": {
        "name": "Kim Minji",
        "country": "KR",
        "address": ["12 Sejong-daero", "Seoul"],
        "postal_code": "04524",
        "phone": "+821023456789",
        "tax_code": "KR-1234567890",
    },
    "total_value_minor": 7_400,
    "currency": "USD",
    "total_weight_g": 1_200,
    "articles": [
        {
            "description": "cotton t-shirt",
            "quantity": 2,
            "net_weight_g": 300,
            "value_minor": 2_400,
            "hs_code": "610910",
            "origin_country": "KH",
        },
        {
            "description": "silk scarf",
            "quantity": 2,
            "net_weight_g": 300,
            "value_minor": 5_000,
            "hs_code": "621410",
            "origin_country": "KH",
        },
    ],
    "postage_minor": 62_000,
    "postage_currency": "KHR",
    "insured_value_minor": 10_000,
    "insured_value_currency": "USD",
    "licence_number": "L-1",
    "certificate_number": "C-1",
    "invoice_number": "INV-7",
    "comments": "no quarantine",
}


def test_a_declaration_is_told_with_every_element_it_holds() -> None:
    declaration = declared(
        LINE,
        replace(LINE, description="silk scarf", value_minor=5_000, hs_code="621410"),
        category=Category.SALE_OF_GOODS,
        sender_reference="K001-100200300",
        importer_reference="KR-1234567890",
        licence_number="L-1",
        certificate_number="C-1",
        invoice_number="INV-7",
        comments="no quarantine",
    )
    item = replace(POSTED, postage=Amount(62_000, "KHR"), insured_value=Amount(10_000, "USD"))

    assert json.loads(written(advance_data_of(item, declaration))) == TOLD


def test_a_line_that_is_longer_than_the_message_takes_goes_on_in_the_next() -> None:
    town, region = "Llanfair " * 13, "Pwllgwyngyll " * 9
    item = replace(POSTED, addressee=replace(POSTED.addressee, address=(f"{town}{region}04524",)))

    told = advance_data_of(item, DECLARATION).addressee.address

    assert len(told) == 2
    assert " ".join(told).split() == f"{town}{region}04524".split()


def test_every_category_can_be_told() -> None:
    for category in Category:
        assert advance_data_of(POSTED, replace(DECLARATION, category=category)).category == category.value


def test_elements_that_are_not_known_are_left_out() -> None:
    data = read(sent(secret_element="x", sender=message()["sender"] | {"passport": "N123"}))

    assert b"secret" not in written(data)
    assert b"passport" not in written(data)


def test_khmer_is_written_as_it_is_in_utf_8() -> None:
    assert "ចាន់ ធីតា".encode() in written(read(sent()))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\xff\xfe", ("body", "not-utf-8")),
        ("é".encode("latin-1"), ("body", "not-utf-8")),
        (b"{", ("body", "json-invalid")),
        (b"[]", ("body", "model-type")),
        (sent(item_number="RR473124828GB"), ("item_number", "value-error")),
        (sent(item_number="rr473124829gb"), ("item_number", "value-error")),
        (sent(item_number=None), ("item_number", "missing")),
        (sent(category="present"), ("category", "literal-error")),
        (sent(total_weight_g=900.0), ("total_weight_g", "int-type")),
        (sent(total_weight_g="900"), ("total_weight_g", "int-type")),
        (sent(total_weight_g=True), ("total_weight_g", "int-type")),
        (sent(total_weight_g=-1), ("total_weight_g", "greater-than-equal")),
        (sent(total_value_minor=50 * 10**12 + 1), ("total_value_minor", "less-than-equal")),
        (sent(currency="XYZ"), ("currency", "value-error")),
        (sent(postage_currency="won"), ("postage_currency", "value-error")),
        (sent(sender=None), ("sender", "missing")),
        (sent(sender={"name": "", "country": "KR"}), ("sender.name", "string-too-short")),
        (sent(sender={"name": "a\u0000b", "country": "KR"}), ("sender.name", "string-pattern-mismatch")),
        (sent(articles=[]), ("articles", "too-short")),
        (sent(articles=message()["articles"] * 51), ("articles", "too-long")),
        (
            sent(articles=[message()["articles"][0] | {"hs_code": "12345"}]),
            ("articles.0.hs_code", "string-pattern-mismatch"),
        ),
        (sent(articles=[message()["articles"][0] | {"value_minor": 1.5}]), ("articles.0.value_minor", "int-type")),
    ],
)
def test_an_element_that_cannot_be_read_is_named(raw: bytes, expected: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        read(raw)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [expected]
    assert all(problem.message.endswith(".") for problem in refused.value.problems)


def test_every_problem_of_a_message_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read(sent(currency="XYZ", total_weight_g=None, category=""))

    assert {problem.field for problem in refused.value.problems} == {"currency", "total_weight_g", "category"}

"""A shop's address book over HTTP."""

from typing import Any

from tests.parcel.counter import problems, refusal
from tests.parcel.people.shop import Owner


def buyer(**values: Any) -> dict[str, Any]:
    return {"name": "ចាន់ ធីតា", "phone": "097 123 4567", "address": ["ភូមិតាអែម", "Tram Kak"]} | values


async def test_a_buyer_is_kept_once_by_phone_and_found_again(owner: Owner) -> None:
    first = (await owner.ask("PUT", "/addresses", buyer())).json()
    again = (await owner.ask("PUT", "/addresses", buyer(name="Chan Thida", phone="+855 97 123 45 67"))).json()
    other = (await owner.ask("PUT", "/addresses", buyer(phone="012 345 678"))).json()

    assert first["entry_id"] == again["entry_id"] != other["entry_id"]
    everybody = (await owner.ask("GET", "/addresses")).json()
    assert [(one["name"], one["phone"]) for one in everybody] == [
        ("ចាន់ ធីតា", "+85512345678"),
        ("Chan Thida", "+855971234567"),
    ]
    found = (await owner.ask("GET", "/addresses?phone=0971234567")).json()
    assert [one["entry_id"] for one in found] == [first["entry_id"]]


async def test_a_buyer_abroad_has_the_phone_of_their_country(owner: Owner) -> None:
    kept = await owner.ask("PUT", "/addresses", buyer(country="KR", phone="010-2345-6789", postal_code="04524"))
    assert kept.json()["phone"] == "+821023456789"
    wrong = await owner.ask("PUT", "/addresses", buyer(country="KH", phone="010-2345-678900"))
    assert problems(wrong) == [("phone", "not-a-phone-number")]


async def test_who_is_forgotten_is_gone(owner: Owner) -> None:
    kept = (await owner.ask("PUT", "/addresses", buyer())).json()
    path = f"/addresses/{kept['entry_id']}"

    assert (await owner.ask("DELETE", path)).status_code == 204

    assert refusal(await owner.ask("DELETE", path)) == (404, "address-not-found")
    assert (await owner.ask("GET", "/addresses")).json() == []


async def test_a_postal_code_is_kept_as_the_post_writes_it(owner: Owner) -> None:
    kept = await owner.ask("PUT", "/addresses", buyer(postal_code="២១០ ៨០១"))
    abroad = await owner.ask("PUT", "/addresses", buyer(country="GB", phone="020 7946 0958", postal_code="sw1a 1aa"))
    assert (kept.json()["postal_code"], abroad.json()["postal_code"]) == ("210801", "SW1A 1AA")
    wrong = await owner.ask("PUT", "/addresses", buyer(phone="012 34", postal_code="2108"))
    assert wrong.status_code == 422
    wrong = await owner.ask("PUT", "/addresses", buyer(phone="012 345", postal_code="2108"))
    assert problems(wrong) == [("phone", "not-a-phone-number"), ("postal_code", "not-a-postal-code")]


async def test_an_address_is_kept_as_its_country_asks_for_it(owner: Owner) -> None:
    at_home = await owner.ask("PUT", "/addresses", buyer(place="21090101"))
    there = buyer(country="US", phone="+1 213 373 4253", address=["12 Main Street"], city="Los Angeles", region="CA")
    abroad = await owner.ask("PUT", "/addresses", there | {"postal_code": "90001"})
    assert at_home.json()["place"] == "21090101"
    assert [abroad.json()[part] for part in ("city", "region", "postal_code", "place")] == [
        "Los Angeles",
        "CA",
        "90001",
        None,
    ]
    assert [one["city"] for one in (await owner.ask("GET", "/addresses")).json()] == ["Los Angeles", None]


async def test_an_address_that_cannot_be_is_not_kept(owner: Owner) -> None:
    wrong = await owner.ask("PUT", "/addresses", buyer(place="99"))
    assert problems(wrong) == [("place", "place-not-found")]
    wrong = await owner.ask("PUT", "/addresses", buyer(country="KR", phone="010-2345-6789", address=["Seoul"]))
    assert problems(wrong) == [("city", "missing"), ("postal_code", "missing")]
    wrong = await owner.ask("PUT", "/addresses", buyer(name="김민지"))
    assert problems(wrong) == [("name", "glyph-missing")]
    wrong = await owner.ask("PUT", "/addresses", buyer(country="XX", phone="+82 10 2345 6789"))
    assert problems(wrong) == [("country", "unknown-country")]

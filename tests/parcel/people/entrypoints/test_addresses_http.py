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
    kept = await owner.ask("PUT", "/addresses", buyer(country="KR", phone="010-2345-6789"))
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

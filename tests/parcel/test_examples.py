"""The examples of the API's description are requests that succeed."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from shared.access.roles import Role
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel.bodies import keyed
from tests.parcel.counter import Counter
from tests.parcel.people.shop import owner_of_a_shop

AS = {
    "/offices/{office}": Role.ADMINISTRATOR,
    "/number-ranges/{indicator}/{first_serial}": Role.ADMINISTRATOR,
    "/staff": Role.OFFICE_MANAGER,
}
"""Who sends a request; a clerk if nothing is said, the shop itself for what is the shop's own."""
OF_THE_SHOP = ("/traders/{trader_id}/keys", "/traders/{trader_id}/addresses")


def described(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return method, path and example of each route whose body has one."""
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            for example in document["components"]["schemas"].get(name, {}).get("examples", []):
                yield method.upper(), path, example


async def test_each_example_succeeds_as_it_stands(
    app: FastAPI, counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await owner_of_a_shop(counter, parcel_db, key_ring)
    number = await counter.registered()
    sent = 0
    for method, path, example in described(app):
        if path.startswith("/practice/"):
            continue  # the same bodies, for another kind of key
        url = path.replace("{item_number}", number).replace("{trader_id}", owner.trader_id).replace("{office}", "TK09A")
        url = url.replace("{indicator}", "PE").replace("{first_serial}", "50000000")
        signed_in = owner.headers if path in OF_THE_SHOP else counter.signed_in(AS.get(path, Role.CLERK))
        answer = await counter.client.request(method, url, json=example, headers=signed_in | keyed())
        assert answer.is_success, (path, answer.text)
        sent += 1
    assert sent >= 9


def test_the_api_is_described_as_openapi_3_1(app: FastAPI) -> None:
    assert app.openapi()["openapi"].startswith("3.1.")


@pytest.mark.parametrize("name", ["RegisterBody", "ShopBody", "StaffBody"])
def test_the_bodies_that_matter_have_examples(app: FastAPI, name: str) -> None:
    assert app.openapi()["components"]["schemas"][name]["examples"]

"""Every day that a request may name may be the first or the last of all; no route falls over it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.access.roles import Role
from shared.clock import LOCAL, now
from tests.contracts.examples import described
from tests.parcel.counter import Counter

FIRST, LAST = "0001-01-01", "9999-12-31"


def is_day(schema: dict[str, Any]) -> bool:
    return any(one.get("format") == "date" for one in schema.get("anyOf", [schema]))


def days_of(app: FastAPI) -> Iterator[tuple[str, str, str, str]]:
    """Give method, path, place and name of each day that a request may name."""
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            for parameter in route.get("parameters", []):
                if is_day(parameter["schema"]):
                    yield method.upper(), path, parameter["in"], parameter["name"]
            content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
            for field, schema in document["components"]["schemas"].get(name, {}).get("properties", {}).items():
                if is_day(schema):
                    yield method.upper(), path, "body", field


def test_the_days_that_requests_name_are_found(app: FastAPI) -> None:
    assert set(days_of(app)) == {
        ("GET", "/inbound-items", "query", "since"),
        ("GET", "/inbound-items", "query", "until"),
        ("GET", "/inbound-items.csv", "query", "since"),
        ("GET", "/inbound-items.csv", "query", "until"),
        ("GET", "/parcels", "query", "since"),
        ("GET", "/parcels", "query", "until"),
        ("GET", "/parcels.csv", "query", "since"),
        ("GET", "/parcels.csv", "query", "until"),
        ("POST", "/quotes", "body", "day"),
        ("PUT", "/exchange-rates/{day}", "path", "day"),
        ("GET", "/exchange-rates/{day}", "path", "day"),
        ("GET", "/exchange-rates/{day}/versions", "path", "day"),
        ("PUT", "/offices/{office}", "body", "closes_on"),
    }


@pytest.mark.parametrize("day", [FIRST, LAST])
async def test_no_route_falls_over_the_first_or_the_last_of_all_days(app: FastAPI, counter: Counter, day: str) -> None:
    for method, path, place, name in sorted(days_of(app)):
        answer = await _asked(app, counter, (method, path), place, {name: day})
        assert answer.status_code < 500, (method, path, name, answer.text)


@pytest.mark.parametrize(
    ("since", "until", "is_listed"),
    [(FIRST, None, True), (None, LAST, True), (FIRST, LAST, True), (LAST, None, False), (None, FIRST, False)],
)
async def test_a_list_from_the_first_day_or_to_the_last_holds_all(
    counter: Counter, since: str | None, until: str | None, is_listed: bool
) -> None:
    number = await counter.registered()
    asked = {name: day for name, day in (("since", since), ("until", until)) if day}
    listed = (await counter.client.get("/parcels", params=asked, headers=counter.signed_in())).json()["parcels"]
    assert [parcel["item_number"] for parcel in listed] == ([number] if is_listed else [])


async def test_the_day_whose_rate_is_set_may_be_the_last_of_all(counter: Counter) -> None:
    headers = counter.signed_in(Role.ADMINISTRATOR)
    put = await counter.client.put(f"/exchange-rates/{LAST}", json={"riel_per_usd": 4_000}, headers=headers)
    today = now().astimezone(LOCAL).date()
    assert (put.status_code, put.json()["day"]) == (200, LAST)
    assert (await counter.client.get(f"/exchange-rates/{today}", headers=headers)).status_code == 404
    assert (await counter.client.get(f"/exchange-rates/{LAST}", headers=headers)).json()["riel_per_usd"] == 4_000


async def _asked(
    app: FastAPI, counter: Counter, route: tuple[str, str], place: str, day: dict[str, str]
) -> httpx.Response:
    method, path = route
    example = next((example for *known, example in described(app) if tuple(known) == route), None)
    return await counter.client.request(
        method,
        path.format(**({"office": "TK09A"} | (day if place == "path" else {}))),
        params=day if place == "query" else None,
        json={**(example or {"riel_per_usd": 4_000}), **(day if place == "body" else {})} if method != "GET" else None,
        headers=counter.signed_in(Role.ADMINISTRATOR),
    )

"""Lists that may grow long are given page by page; what is added meanwhile shifts nothing."""

import base64
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.access.roles import Role
from shared.db.connection import Database
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import HOME
from tests.parcel.counter import Counter, problems
from tests.parcel.people.shop import owner_of_a_shop
from tests.parcel.practice.entrypoints.test_practice_http import bearer, registered

SHORT = {
    "/tariffs",
    "/places",
    "/places/search",
    "/customs/goods",
    "/parcels/search",
    "/parties",
    "/parcels/{item_number}/refunds",
    "/parcels/{item_number}/claims",
    "/exchange-rates/{day}/versions",
}
"""Lists that are short by what they hold, or the best of what was found."""
SHOP, NUMBER = str(SHOPS[HOME]), "RR473124829GB"
PERSON = "01900000-0000-7000-8000-000000000001"
ROWS = 5
INSERTS: dict[str, str] = {
    "/claims": """
        insert into item_claim (claim_id, item_number, ground, claimant, office, is_international, opened_by, opened_at,
            terms_version, answer_by, settle_by, holder_office, asked_before, state)
        select gen_random_uuid(), gen_random_uuid()::text, 'loss', 'sender', 'TK01A', false, 'somebody',
            date_trunc('minute', now()), '2026-01-provisional', current_date, current_date, 'TK01A', '{}', 'enquired'
        from generate_series(1, $1::integer)
    """,
    "/traders": """
        insert into trader (trader_id, shop_name, office, identity, payout, opened_by, opened_at)
        select gen_random_uuid(), 'Shop ' || n / 2, 'TK01A', '{"kind": "national_id", "number": "1"}',
            '{"kind": "khqr", "account": "1"}', 'somebody', now()
        from generate_series(1, $1::integer) as n
    """,
    "/staff": """
        insert into staff (staff_id, name, passphrase_hash, role, office)
        select gen_random_uuid(), 'clerk ' || gen_random_uuid(), '', 'clerk', 'TK01A'
        from generate_series(1, $1::integer)
    """,
    "/traders/{shop}/keys": """
        insert into api_key (key_id, trader_id, label, prefix, secret_sha256, scopes, practice, made_by, made_at)
        select gen_random_uuid(), '{shop}', 'a key', 'ctcpost_live', sha256(gen_random_uuid()::text::bytea),
            '{{parcels:read}}', false, 'somebody', now()
        from generate_series(1, $1::integer)
    """,
    "/traders/{shop}/addresses": """
        insert into address_entry (entry_id, trader_id, person, phone, country, kept_at)
        select gen_random_uuid(), '{shop}', '{{"name": "A", "language": "km", "address": [], "postal_code": null}}',
            gen_random_uuid()::text, 'KH', now()
        from generate_series(1, $1::integer)
    """,
    "/parcels/{number}/reads": """
        insert into personal_data_read (actor, what, item_numbers)
        select 'clerk ' || n, 'list', '{{{number}}}' from generate_series(1, $1::integer) as n
    """,
    "/traders/{shop}/reads": """
        insert into personal_data_read (actor, what, item_numbers, subjects)
        select 'clerk ' || n, 'shop', '{{}}', array['{shop}'::uuid] from generate_series(1, $1::integer) as n
    """,
    "/staff/{person}/reads": """
        insert into personal_data_read (actor, what, item_numbers)
        select '{person}', 'list', array[n::text] from generate_series(1, $1::integer) as n
    """,
    "/parcels/{parcel}/prints": """
        insert into printed (item_number, kind, print_no, printed_by, printed_at)
        select '{parcel}', (array['label', 'receipt'])[n % 2 + 1], last + n, 'somebody', date_trunc('minute', now())
        from generate_series(1, $1::integer) as n cross join (select count(*) as last from printed) as before
    """,
    "/refunds": """
        insert into void_request
            (request_id, item_number, office, kind, amount_minor, currency, reason, asked_by, asked_at)
        select gen_random_uuid(), gen_random_uuid()::text, 'TK01A', 'refund', 1, 'KHR', 'Why', 'somebody', now()
        from generate_series(1, $1::integer)
    """,
}
"""Rows for each list, some at the same place in its order but for their last key."""
OF_THE_SHOP = {"/traders/{shop}/keys", "/traders/{shop}/addresses"}
OF_A_SHOP = {*OF_THE_SHOP, "/traders/{shop}/reads"}
OF_WHAT_IS_THERE = {"/parcels/{parcel}/prints", "/staff/{person}/reads"}
Fill = Callable[[int], Awaitable[None]]


async def walked(
    counter: Counter, path: str, headers: dict[str, str], limit: int, between: Fill | None = None
) -> list[dict[str, Any]]:
    """Return all rows of a list, page by page along the links."""
    rows: list[dict[str, Any]] = []
    url = f"{path}?limit={limit}"
    while True:
        answer = await counter.client.get(url, headers=headers)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()) <= limit
        rows += answer.json()
        if "next" not in answer.links:
            return rows
        url = str(httpx.URL(f"http://post.example{path}").join(answer.links["next"]["url"]))
        if between:
            await between(1)


async def check(counter: Counter, path: str, headers: dict[str, str], fill: Fill) -> None:
    await fill(ROWS)
    whole = await walked(counter, path, headers, 200)
    assert len(whole) >= ROWS
    for limit in (1, 2, len(whole), len(whole) + 1):
        assert await walked(counter, path, headers, limit) == whole
    meanwhile = await walked(counter, path, headers, 2, between=fill)
    assert [row for row in meanwhile if row in whole] == whole
    assert len(meanwhile) == len({str(row) for row in meanwhile})


@pytest.mark.parametrize("path", INSERTS)
async def test_a_list_is_walked_page_by_page_along_its_links(counter: Counter, parcel_db: Database, path: str) -> None:
    names = {"shop": SHOP, "number": NUMBER, "person": PERSON, "parcel": await counter.registered()}
    reader = actor_id(Role.TRADER if path in OF_THE_SHOP else Role.AUDITOR, HOME)

    async def fill(count: int) -> None:
        async with parcel_db.connection() as connection:
            await connection.execute(_named(INSERTS[path], path, names), count)

    if path in OF_A_SHOP:
        async with parcel_db.connection() as connection:
            await connection.execute(INSERTS["/traders"], 1)
            await connection.execute("update trader set trader_id = $1", SHOP)
    if "{person}" in path:
        async with parcel_db.connection() as connection:
            await connection.execute(INSERTS["/staff"], 1)
            await connection.execute("update staff set staff_id = $1", PERSON)
    await check(counter, path.format(**names), good(counter.key, reader), fill)


async def test_offices_are_listed_by_code_page_by_page(counter: Counter) -> None:
    headers = counter.signed_in()
    whole = await walked(counter, "/offices", headers, 500)
    codes: Sequence[str] = [office["office"] for office in whole]
    assert list(codes) == sorted(codes)
    assert len(codes) >= 3
    for limit in (1, 2, 3):
        assert await walked(counter, "/offices", headers, limit) == whole


async def test_practice_parcels_are_listed_page_by_page(counter: Counter, parcel_db: Database, key_ring: Any) -> None:
    owner = await owner_of_a_shop(counter, parcel_db, key_ring)
    key = await owner.key(practice=True, scopes=["parcels:read", "parcels:write"])
    headers = bearer(key["secret"])

    async def fill(count: int) -> None:
        for _ in range(count):
            assert (await registered(counter, headers)).status_code == 201

    await fill(ROWS)
    whole = await walked(counter, "/practice/parcels", headers, 100)
    assert await walked(counter, "/practice/parcels", headers, 2) == whole
    meanwhile = await walked(counter, "/practice/parcels", headers, 2, between=fill)
    assert meanwhile == whole


def test_every_list_has_pages_or_is_short(app: FastAPI) -> None:
    without: set[str] = set()
    with_cursor: set[str] = set()
    for path, methods in app.openapi()["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        if schema.get("type") == "array":
            names = {parameter["name"] for parameter in methods["get"].get("parameters", [])}
            (with_cursor if {"cursor", "limit"} <= names else without).add(path)
    assert without == SHORT
    assert len(with_cursor) == len(INSERTS) + 2


@pytest.mark.parametrize("path", [*sorted(INSERTS.keys() - OF_A_SHOP - OF_WHAT_IS_THERE), "/offices"])
async def test_a_cursor_of_ones_own_making_is_refused(counter: Counter, path: str) -> None:
    for place in (
        "no place",
        "[]",
        "null",
        "-1",
        '"a\\u0000b"',
        '["a\\u0000b", "01900000-0000-7000-8000-000000000000"]',
    ):
        answer = await _at(counter, path, place)
        assert (answer.status_code, problems(answer)) == (422, [("cursor", "not-a-cursor")]), place


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00"])
async def test_a_cursor_at_an_instant_that_cannot_be_is_refused(counter: Counter, at: str) -> None:
    answer = await _at(counter, "/refunds", f'["{at}", "01900000-0000-7000-8000-000000000000"]')
    assert (answer.status_code, problems(answer)) == (422, [("cursor", "not-a-cursor")])


async def test_a_cursor_at_a_number_that_no_row_may_have_is_refused(counter: Counter) -> None:
    answer = await _at(counter, "/parcels/{number}/reads", str(2**63))
    assert (answer.status_code, problems(answer)) == (422, [("cursor", "not-a-cursor")])


async def _at(counter: Counter, path: str, place: str) -> httpx.Response:
    cursor = base64.urlsafe_b64encode(place.encode()).decode()
    return await counter.get(path.format(number=NUMBER), Role.AUDITOR, cursor=cursor)


def _named(statement: str, path: str, names: dict[str, str]) -> str:
    return statement.format(**names) if "{" in path else statement

"""Drafts are listed within reach, found by their number, and anybody may announce one without learning anything."""

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.drafts.entrypoints.drafts_http import FREE_ANNOUNCEMENTS
from services.parcel.drafts.use_cases import announce_as_visitor
from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.drafts.shop import announced, draft_body


async def visit(counter: Counter, key: str | None = None, **values: object) -> httpx.Response:
    return await counter.client.post("/drafts", json=draft_body(office=HOME) | values, headers=keyed(key))


async def test_a_counter_finds_a_draft_by_its_number(counter: Counter) -> None:
    draft = await announced(counter)
    await announced(counter)

    (found,) = (await counter.get("/drafts", number=draft["number"].replace("-", " "))).json()

    assert found["draft_id"] == draft["draft_id"]
    assert (await counter.get("/drafts", by=AWAY, number=draft["number"])).json() == []
    assert problems(await counter.get("/drafts", number="1000-1")) == [("number", "wrong-check-digit")]


async def test_a_list_goes_on_where_it_ended(counter: Counter) -> None:
    made = [(await announced(counter))["draft_id"] for _ in range(3)]

    first = await counter.get("/drafts", Role.TRADER, limit=2)
    following = await counter.client.get(f"/drafts{first.links['next']['url']}", headers=counter.signed_in(Role.TRADER))

    assert [one["draft_id"] for one in first.json() + following.json()] == made[::-1]


async def test_a_shop_sees_its_own_drafts_alone(counter: Counter) -> None:
    draft = await announced(counter)

    assert (await counter.get(f"/drafts/{draft['draft_id']}", Role.TRADER)).status_code == 200
    assert (await counter.get(f"/drafts/{draft['draft_id']}", Role.TRADER, AWAY)).status_code == 404
    assert (await counter.get("/drafts", Role.TRADER, AWAY)).json() == []


async def test_a_clerk_lists_no_other_office(counter: Counter) -> None:
    assert refusal(await counter.get("/drafts", office=AWAY)) == (403, "other-office")


async def test_a_visitor_is_told_a_number_and_nothing_else(counter: Counter, parcel_db: Database) -> None:
    answer = await visit(counter, "k")
    again = await visit(counter, "k")

    assert answer.status_code == 201, answer.text
    assert answer.json().keys() == {"draft_id", "number", "office", "expires_at"}
    assert again.content == answer.content
    async with parcel_db.connection() as connection:
        kept = await connection.fetchrow("select trader_id, source, announced_by from draft")
    assert kept is not None
    assert tuple(kept) == (None, "visitor", "announcing")


async def test_the_order_of_a_visitor_says_nothing_of_any_shop(counter: Counter) -> None:
    await announced(counter, order_reference="W-1")

    answer = await visit(counter, order_reference="W-1", weight_g=7)

    assert answer.status_code == 201


async def test_visitors_from_one_address_wait_after_a_while(counter: Counter) -> None:
    answers = [await visit(counter, "k") for _ in range(FREE_ANNOUNCEMENTS + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {201}
    assert refusal(answers[-1]) == (429, "too-many-tries")
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_an_office_keeps_a_bounded_number_of_visitors(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce_as_visitor, "MOST_OPEN", 2)

    answers = [await visit(counter) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert refusal(answers[-1])[1] == "too-many-announced"


async def test_a_message_is_read_and_nothing_is_announced(counter: Counter, parcel_db: Database, app: FastAPI) -> None:
    body = {"text": "Chan Thida, 097 123 4567, TK03A, 52,000៛"}

    answer = await counter.client.post("/drafts/text", json=body, headers=counter.signed_in(Role.TRADER))

    told = answer.json()
    assert (told["name"], told["phone"], told["collecting_office"]) == ("Chan Thida", "+855971234567", "TK03A")
    assert told["cod"] == {"amount_minor": 52_000, "currency": "KHR"}
    assert told["missing"] == []
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from draft") == 0

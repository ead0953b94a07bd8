"""Stickers reserved over HTTP: numbers that parcels get by their stickers alone, each once."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.numbers.domain.ahead import MostAhead
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, abroad, keyed, parcel_body
from tests.parcel.counter import Counter, problems, refusal

UNUSED = "PD199999999KH"


async def reserve(counter: Counter, key: str | None = None, by: str = HOME, **values: Any) -> httpx.Response:
    body = {"office": HOME, "indicator": "PD", "count": 3} | values
    headers = counter.signed_in(office=by) | keyed(key)
    return await counter.client.post("/sticker-ranges", json=body, headers=headers)


async def first_sticker(counter: Counter, **values: Any) -> str:
    return str((await reserve(counter, **values)).json()["first_number"])


async def test_a_range_is_reserved_once_however_often_it_is_asked_for(counter: Counter) -> None:
    answers = await asyncio.gather(*(reserve(counter, key="k1") for _ in range(5)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json() == {
        "office": HOME,
        "first_number": "PD100000003KH",
        "last_number": "PD100000025KH",
        "count": 3,
    }
    assert (await reserve(counter)).json()["first_number"] == "PD100000034KH"


async def test_a_key_that_reserved_a_block_reserves_no_stickers(counter: Counter) -> None:
    await counter.reserve(key="k1")

    assert refusal(await reserve(counter, key="k1")) == (422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"count": 0}, ("count", "greater-than-equal")),
        ({"count": 121}, ("count", "less-than-equal")),
        ({"indicator": "pd"}, ("indicator", "string-pattern-mismatch")),
    ],
)
async def test_a_range_that_cannot_be_is_refused_by_field(
    counter: Counter, change: dict[str, Any], refused: tuple[str, str]
) -> None:
    assert problems(await reserve(counter, **change)) == [refused]


async def test_nobody_reserves_for_another_office_or_beyond_the_range(counter: Counter) -> None:
    assert refusal(await reserve(counter, by=AWAY)) == (403, "other-office")
    assert refusal(await reserve(counter, indicator="ZA")) == (409, "numbers-exhausted")


async def test_a_parcel_gets_the_number_of_its_sticker_and_the_next_one_is_given_as_before(counter: Counter) -> None:
    sticker = await first_sticker(counter)

    stuck = await counter.register(parcel_body(item_number=sticker.lower()))
    plain = await counter.registered()

    assert (stuck.status_code, stuck.json()["item_number"]) == (201, sticker)
    assert int(plain[2:10]) == 10_000_003


async def test_no_number_of_a_sticker_is_given_to_a_parcel_without_it(counter: Counter) -> None:
    await reserve(counter, count=120)
    assert (await counter.get("/numbers")).json()["blocks"] == []

    given = [await counter.registered() for _ in range(20)]

    assert all(int(number[2:10]) >= 10_000_120 for number in given)


async def test_a_sticker_is_used_once_and_the_same_request_again_gets_its_parcel(
    counter: Counter, parcel_db: Database
) -> None:
    sticker = await first_sticker(counter)
    first = await counter.register(parcel_body(item_number=sticker), key="k1")

    assert refusal(await counter.register(parcel_body(item_number=sticker), key="k2")) == (409, "sticker-used")
    assert (await counter.register(parcel_body(item_number=sticker), key="k1")).content == first.content
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from parcel") == 1


async def test_of_two_who_use_a_sticker_at_the_same_moment_one_gets_it_and_costs_nobody_else(counter: Counter) -> None:
    sticker = await first_sticker(counter)
    await counter.registered()

    asked = [counter.register(parcel_body(item_number=sticker)) for _ in range(2)]
    plain = [counter.register() for _ in range(4)]
    answers = await asyncio.gather(*asked, *plain)

    assert sorted(answer.status_code for answer in answers[:2]) == [201, 409]
    assert {answer.status_code for answer in answers[2:]} == {201}


@pytest.mark.parametrize(
    ("sticker", "refused"),
    [
        (UNUSED, ("item_number", "not-your-sticker")),
        ("CP100000004KH", ("item_number", "check-digit")),
        ("CP100000017KH", ("item_number", "other-indicator")),
        ("sticker", ("item_number", "item-number-shape")),
    ],
)
async def test_a_number_that_is_no_sticker_of_the_office_is_refused(
    counter: Counter, sticker: str, refused: tuple[str, str]
) -> None:
    await reserve(counter)

    assert problems(await counter.register(parcel_body(item_number=sticker))) == [refused]


async def test_a_sticker_of_another_office_or_for_another_service_is_refused(counter: Counter) -> None:
    sticker = await first_sticker(counter)

    other = await counter.register(parcel_body(office=AWAY, item_number=sticker), by=AWAY)
    assert problems(other) == [("item_number", "not-your-sticker")]
    assert problems(await counter.register(abroad(item_number=sticker))) == [("item_number", "other-indicator")]


async def test_a_number_of_a_block_that_is_no_sticker_is_refused_and_given_to_whoever_comes_first(
    counter: Counter,
) -> None:
    block = (await counter.reserve()).json()
    assert block["first_serial"] == 10_000_000

    answer = await counter.register(parcel_body(item_number="PD100000003KH"))

    assert problems(answer) == [("item_number", "not-your-sticker")]
    assert await counter.registered() == "PD100000003KH"


async def test_an_office_has_only_so_many_stickers_until_parcels_bear_them(counter: Counter, app: FastAPI) -> None:
    app.state.most_ahead = MostAhead(numbers=1, stickers=6)
    sticker = await first_sticker(counter)
    await reserve(counter)

    refused = await reserve(counter, count=1)
    assert refusal(refused) == (409, "too-many-stickers-ahead")
    assert "At most 6" in refused.json()["detail"]
    assert (await counter.register(parcel_body(item_number=sticker))).status_code == 201
    assert (await reserve(counter, count=1)).status_code == 201
    assert refusal(await reserve(counter, count=1)) == (409, "too-many-stickers-ahead")

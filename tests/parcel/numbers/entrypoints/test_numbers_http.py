"""Item numbers over HTTP: what is left, and blocks reserved ahead."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from services.parcel.numbers.domain.ahead import MostAhead
from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.posting.entrypoints.test_registrar import somebody_waits, twin_in_flight


async def test_what_is_left_of_ranges_and_of_own_blocks_is_shown(counter: Counter) -> None:
    await counter.reserve(size=40)
    shown = (await counter.get("/numbers")).json()

    (domestic,) = [one for one in shown["ranges"] if one["indicator"] == "PD"]
    assert (domestic["left"], domestic["provisional"]) == (10_000_000 - 40, True)
    assert [(block["office"], block["left"]) for block in shown["blocks"]] == [(HOME, 40)]


async def test_an_office_sees_its_own_blocks_and_the_auditor_all(counter: Counter) -> None:
    await counter.reserve()
    await counter.reserve(by=AWAY, office=AWAY)

    own = (await counter.get("/numbers", by=AWAY)).json()["blocks"]
    every = (await counter.get("/numbers", Role.AUDITOR)).json()["blocks"]

    assert [block["office"] for block in own] == [AWAY]
    assert {block["office"] for block in every} == {HOME, AWAY}


async def test_a_role_without_an_office_that_may_not_look_everywhere_sees_no_block(counter: Counter) -> None:
    await counter.reserve()

    assert (await counter.get("/numbers", Role.DISTRICT)).json()["blocks"] == []


async def test_numbers_leased_for_use_no_longer_count_as_left(counter: Counter) -> None:
    await counter.reserve(size=150)

    await counter.registered()

    (block,) = (await counter.get("/numbers")).json()["blocks"]
    assert (block["left"], block["first_serial"]) == (140, 10_000_000)


async def test_a_block_is_reserved_once_however_often_it_is_asked_for(counter: Counter) -> None:
    answers = await asyncio.gather(*(counter.reserve(key="k1") for _ in range(10)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len((await counter.get("/numbers")).json()["blocks"]) == 1


async def test_a_key_used_for_another_block_is_refused(counter: Counter) -> None:
    await counter.reserve(key="k1")

    assert refusal(await counter.reserve(key="k1", size=7)) == (422, "idempotency-key-reused")
    assert len((await counter.get("/numbers")).json()["blocks"]) == 1


async def test_a_key_used_for_a_registration_reserves_nothing(counter: Counter) -> None:
    await counter.register(key="k1")
    before = (await counter.get("/numbers")).json()

    assert refusal(await counter.reserve(key="k1")) == (422, "idempotency-key-reused")
    assert (await counter.get("/numbers")).json() == before


async def test_a_key_that_a_registration_takes_meanwhile_reserves_nothing(
    counter: Counter, parcel_db: Database
) -> None:
    async with twin_in_flight(parcel_db, f"clerk-{HOME}", "k1") as transaction:
        waiting = asyncio.create_task(counter.reserve(key="k1"))
        await somebody_waits(parcel_db)
        await transaction.commit()

        assert refusal(await waiting) == (409, "idempotency-key-in-flight")
    assert (await counter.get("/numbers")).json()["blocks"] == []


async def test_a_range_that_is_used_up_says_so(counter: Counter, parcel_db: Database) -> None:
    async with parcel_db.connection() as connection:
        await connection.execute("update number_range set next_serial = last_serial + 1 where indicator = 'EE'")

    assert refusal(await counter.reserve(indicator="EE")) == (409, "numbers-exhausted")


async def test_the_last_block_holds_what_is_left(counter: Counter, parcel_db: Database) -> None:
    async with parcel_db.connection() as connection:
        await connection.execute("update number_range set next_serial = last_serial - 2 where indicator = 'PD'")

    block = (await counter.reserve(size=100)).json()

    assert (block["first_serial"], block["last_serial"], block["left"]) == (19_999_997, 19_999_999, 3)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"indicator": "pd"}, "indicator", "string-pattern-mismatch"),
        ({"size": 0}, "size", "greater-than-equal"),
        ({"size": 100_001}, "size", "less-than-equal"),
        ({"more": 1}, "more", "extra-forbidden"),
        ({"office": "x"}, "office", "string-pattern-mismatch"),
    ],
    ids=str,
)
async def test_a_block_that_cannot_be_is_refused_by_field(
    counter: Counter, change: dict[str, Any], field: str, code: str
) -> None:
    answer = await counter.reserve(**change)

    assert (answer.status_code, problems(answer)) == (422, [(field, code)])


async def test_no_block_is_reserved_for_an_office_that_is_not_there(counter: Counter) -> None:
    answer = await counter.reserve(role=Role.ADMINISTRATOR, office="NONE")

    assert (answer.status_code, problems(answer)) == (422, [("office", "unknown-office")])


async def test_an_office_has_only_so_many_numbers_ahead(counter: Counter, app: FastAPI) -> None:
    app.state.most_ahead = MostAhead(numbers=150, stickers=1)
    first = await counter.reserve(key="k1")

    refused = await counter.reserve(size=51)
    assert refusal(refused) == (409, "too-many-numbers-ahead")
    assert "At most 150" in refused.json()["detail"]
    assert (await counter.reserve(size=50)).status_code == 201
    assert (await counter.reserve(key="k1")).content == first.content, "what was reserved is told again"
    assert [block["left"] for block in (await counter.get("/numbers")).json()["blocks"]] == [100, 50]

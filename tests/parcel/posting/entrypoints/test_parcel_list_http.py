"""Lists of parcels: by days, problems first, as a table, for a shop."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.parcel.posting.domain.problems import PROBLEMS
from services.parcel.posting.entrypoints import parcel_list_http
from services.parcel.posting.entrypoints.parcel_table import COLUMNS
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import AWAY, HOME, THIRD, parcel_body, person
from tests.parcel.counter import Counter, problems
from tests.parcel.posting.entrypoints.paging import whole_list
from tests.parcel.posting.entrypoints.test_registration_http import set_rate


async def put(parcel_db: Database, number: str, state: CustomerState | None = None, days_ago: int = 0) -> None:
    async with parcel_db.connection() as connection:
        await connection.execute(
            "update parcel set state = coalesce($2, state), registered_at = registered_at - make_interval(days => $3)"
            " where item_number = $1",
            number,
            state,
            days_ago,
        )


async def listed(counter: Counter, **asked: str | int) -> list[str]:
    answer = await counter.client.get("/parcels", params=asked, headers=counter.signed_in())
    assert answer.status_code == 200, answer.text
    return [parcel["item_number"] for parcel in answer.json()["parcels"]]


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
async def test_problems_come_first_page_by_page(counter: Counter, parcel_db: Database, limit: int) -> None:
    numbers = [await counter.registered() for _ in range(6)]
    for number, state in zip(numbers[:3], sorted(PROBLEMS), strict=False):
        await put(parcel_db, number, state)

    expected = [*reversed(numbers[:3]), *reversed(numbers[3:])]
    assert await whole_list(counter, counter.signed_in(), limit, first="problems") == expected
    assert await whole_list(counter, counter.signed_in(), limit) == list(reversed(numbers))


async def test_what_is_registered_meanwhile_shifts_no_page(counter: Counter) -> None:
    numbers = [await counter.registered() for _ in range(4)]
    page = (await counter.get("/parcels", limit=2)).json()
    await counter.registered()
    rest = await listed(counter, cursor=page["next_cursor"])
    assert [parcel["item_number"] for parcel in page["parcels"]] + rest == list(reversed(numbers))


async def test_days_are_those_of_cambodia(counter: Counter, parcel_db: Database) -> None:
    today = now().astimezone(LOCAL).date()
    numbers = [await counter.registered() for _ in range(3)]
    for days, number in enumerate(numbers):
        await put(parcel_db, number, days_ago=days)
    day = {days: str(today - timedelta(days=days)) for days in range(4)}

    assert await listed(counter, since=day[1]) == [numbers[0], numbers[1]]
    assert await listed(counter, until=day[1]) == [numbers[1], numbers[2]]
    assert await listed(counter, since=day[1], until=day[1]) == [numbers[1]]
    assert await listed(counter, since=day[3], until=day[3]) == []


async def test_a_shop_lists_its_own_parcels_wherever_they_were_handed_in(counter: Counter) -> None:
    own = await counter.registered(trader=str(SHOPS[HOME]))
    await counter.registered(trader=str(SHOPS[AWAY]))
    await counter.registered()
    headers = good(counter.key, actor_id(Role.TRADER, HOME))

    answer = await counter.client.get("/parcels", headers=headers)

    assert [parcel["item_number"] for parcel in answer.json()["parcels"]] == [own]
    assert (await counter.client.get(f"/parcels/{own}", headers=headers)).status_code == 200


async def test_a_shop_that_is_not_there_sends_nothing(counter: Counter) -> None:
    refused = await counter.register(parcel_body(trader="01900000-0000-7000-8000-000000000000"))
    assert problems(refused) == [("trader", "unknown-trader")]


@pytest.mark.parametrize("equals", ["=", "\uff1d"])
async def test_the_table_holds_all_that_the_list_does_and_no_formula(counter: Counter, equals: str) -> None:
    evil = person(name=f"{equals}HYPERLINK(1)", phone="097 123 4567")
    numbers = [await counter.registered(recipient=evil, order_reference="+1") for _ in range(3)]

    answer = await counter.get("/parcels.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["item_number"] for row in rows] == list(reversed(numbers))
    assert {(row["recipient_name"], row["order_reference"]) for row in rows} == {(f"'{equals}HYPERLINK(1)", "'+1")}
    assert {row["recipient_phone"] for row in rows} == {"'+855971234567"}


PRICES = ("postage_minor", "postage_currency", "payer", "cod_minor", "cod_currency", "options")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ("5000", "KHR", "sender", "", "", "")),
        (
            {"payer": "cod", "cod": {"amount_minor": 52_000, "currency": "KHR"}, "options": ["door_delivery"]},
            ("9500", "KHR", "cod", "52000", "KHR", "door_delivery"),
        ),
        (
            {"payer": "recipient", "options": ["door_delivery", "advice_of_receipt"]},
            ("11000", "KHR", "recipient", "", "", "advice_of_receipt door_delivery"),
        ),
    ],
    ids=["the sender pays", "kept back from what is collected", "the recipient pays"],
)
async def test_the_table_says_what_is_paid_by_whom_and_what_is_collected(
    counter: Counter, asked: dict[str, Any], expected: tuple[str, ...]
) -> None:
    await counter.registered(**asked)
    (row,) = csv.DictReader(io.StringIO((await counter.get("/parcels.csv")).text.removeprefix("\ufeff")))
    assert tuple(row[column] for column in PRICES) == expected


def test_every_column_is_documented_in_its_order() -> None:
    page = (Path(__file__).parents[4] / "docs" / "api.md").read_text()
    columns = page.partition("Its columns are")[2].partition("; new ones")[0]
    assert tuple(re.findall(r"`(\w+)`", columns)) == COLUMNS


async def test_dollars_to_collect_are_cents_in_the_table(counter: Counter) -> None:
    await set_rate(counter, 4_000)
    await counter.registered(cod={"amount_minor": 1_250, "currency": "USD"})
    (row,) = csv.DictReader(io.StringIO((await counter.get("/parcels.csv")).text.removeprefix("\ufeff")))
    assert (row["cod_minor"], row["cod_currency"]) == ("1250", "USD")


async def test_a_parcel_of_the_time_before_has_blanks_for_its_price(counter: Counter, parcel_db: Database) -> None:
    await counter.registered()
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set postage = null")
    (row,) = csv.DictReader(io.StringIO((await counter.get("/parcels.csv")).text.removeprefix("\ufeff")))
    assert {row[column] for column in PRICES} == {""}


async def test_a_long_table_is_sent_in_portions(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parcel_list_http, "LARGEST_PAGE", 2)
    numbers = [await counter.registered() for _ in range(5)]
    text = (await counter.get("/parcels.csv")).text
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == list(reversed(numbers))


async def test_a_table_of_nothing_is_its_head_and_one_that_may_not_be_is_refused(counter: Counter) -> None:
    assert (await counter.get("/parcels.csv")).text.startswith("\ufeffitem_number,")
    assert (await counter.get("/parcels.csv", office=THIRD)).status_code == 403

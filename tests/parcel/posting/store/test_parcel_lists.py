"""Lists of parcels stay as quick as they are, however many parcels there are."""

import re
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from bench.grown_tables import grow_parcels
from services.parcel.posting.store import parcel_lists, parcels
from services.parcel.posting.store.parcel_lists import Filter
from shared.access.roles import Role
from shared.contracts.states import CustomerState
from shared.db.connection import Database, Tx
from tests.parcel.counter import Counter
from tests.support import databases
from tests.support.addresses import Addresses

STORED = 10_000
PAGE = 50
WITHIN_S = 0.3
TRIES = 9
OFFICE, PHONE = "TK01A", "+855971000007"
SHOP = "01900000-0000-7000-8000-000000000001"
MORE = f"""
    update parcel set state = 'held' where right(item_number, 5) like '18%';
    update parcel set trader_id = '{SHOP}' where right(item_number, 4) like '8%';
    vacuum analyze parcel
"""


@pytest.fixture(scope="module")
async def many(servers: Addresses) -> AsyncIterator[Database]:
    async with databases.fresh(servers, "parcel") as lent:
        await grow_parcels(lent.owner_url, STORED)
        await _with_problems_and_a_shop(lent.owner_url)
        database = await Database.open(lent.service_url, pool_size=3, application="tests")
        try:
            yield database
        finally:
            await database.close()


@pytest.fixture
async def parcel_db(many: Database) -> Database:
    return many


@pytest.mark.parametrize(
    ("wanted", "found", "along"),
    [
        pytest.param(Filter(), PAGE, "parcel_by_time", id="all"),
        pytest.param(Filter(OFFICE), PAGE, "parcel_by_(office|collecting_office|holding_office)", id="of an office"),
        pytest.param(
            Filter(OFFICE, state=CustomerState.IN_TRANSIT),
            PAGE,
            "parcel_by_holding_office",
            id="of an office by state",
        ),
        pytest.param(Filter(phone=PHONE), 2, "parcel_by_(sender|recipient)_phone", id="of a phone"),
        pytest.param(Filter(OFFICE, PHONE), 0, "parcel_by_(sender|recipient)_phone", id="of a phone at an office"),
        pytest.param(Filter(OFFICE, order_reference="W-1"), 0, "parcel_by_order_reference", id="of an order reference"),
        pytest.param(Filter(trader=SHOP), PAGE, "parcel_of_trader", id="of a shop"),
        pytest.param(Filter(problems="only"), PAGE, r"\w*problem\w*", id="with a problem"),
        pytest.param(
            Filter(OFFICE, problems="only"), 12, "problem_by_((collecting|holding)_)?office", id="problems of an office"
        ),
        pytest.param(Filter(OFFICE, state=CustomerState.HELD), 12, "problem_by_office", id="an office's that are held"),
        pytest.param(Filter(trader=SHOP, problems="only"), PAGE, r"\w*problem\w*", id="problems of a shop"),
        pytest.param(Filter(OFFICE, problems="without"), PAGE, "parcel_by_office", id="of an office without a problem"),
    ],
)
async def test_a_list_of_many_parcels_walks_along_indexes(
    many: Database, wanted: Filter, found: int, along: str
) -> None:
    async with many.connection() as tx:
        numbers, plans = await _planned(tx, wanted)

    assert len(numbers) == found
    assert len(plans) == 2
    assert "Seq Scan" not in str(plans)
    assert re.search(rf"\b{along}\b", str(plans)), plans


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"office": OFFICE},
        {"office": OFFICE, "state": "delivered"},
        {"office": OFFICE, "first": "problems"},
        {"first": "problems", "until": "2100-01-01"},
        {"since": "2020-01-01"},
    ],
    ids=str,
)
async def test_the_first_page_of_ten_thousand_comes_within_300_ms(counter: Counter, asked: dict[str, str]) -> None:
    took_s = []
    # Of several tries the best: the machine may be busy with something else.
    for _ in range(TRIES):
        began = time.perf_counter()
        answer = await counter.get("/parcels", Role.AUDITOR, limit=PAGE, **asked)
        took_s.append(time.perf_counter() - began)
        assert len(answer.json()["parcels"]) == PAGE, answer.text
        if took_s[-1] < WITHIN_S:
            return
    pytest.fail(f"took {min(took_s):.3f} s at best")


async def test_pages_of_an_office_follow_one_another_to_the_last_parcel(many: Database) -> None:
    async with many.connection() as tx:
        expected = await tx.fetch(
            """
            select item_number from parcel where $1 in (office, collecting_office, holding_office)
            order by registered_at desc, item_number desc
            """,
            OFFICE,
        )
        seen: list[str] = []
        wanted = Filter(OFFICE)
        while page := await parcels.of_numbers(tx, await parcel_lists.newest(tx, wanted, PAGE)):
            seen += [parcel.item_number for parcel in page]
            wanted = Filter(OFFICE, before=(page[-1].registered_at, page[-1].item_number))

    assert seen == [record["item_number"] for record in expected]


async def _with_problems_and_a_shop(owner_url: str) -> None:
    owner = await asyncpg.connect(owner_url)
    try:
        for statement in MORE.split(";"):
            await owner.execute(statement)
    finally:
        await owner.close()


async def _planned(tx: Tx, wanted: Filter) -> tuple[list[str], list[list[asyncpg.Record]]]:
    """Return the numbers that a list holds, and how the server read it."""
    ran: list[tuple[str, tuple[object, ...]]] = []
    with tx.query_logger(lambda query: ran.append((query.query, query.args))):
        numbers = await parcel_lists.newest(tx, wanted, PAGE)
        await parcels.of_numbers(tx, numbers)
        await tx.execute("select 'the line before this one is logged by now'")
    return numbers, [await tx.fetch(f"explain {query}", *args) for query, args in ran if args]

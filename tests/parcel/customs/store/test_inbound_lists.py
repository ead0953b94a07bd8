"""Lists of items from abroad walk along indexes, and page by page they hold each item once."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.parcel.addresses.domain.khmer_search import QueryTerms
from services.parcel.customs.domain.inbound_lists import BEGINNING, InboundFilter, Place
from services.parcel.customs.store import inbound_lists, inbound_search
from shared.contracts.states import CustomerState
from shared.db.connection import Database, Tx
from tests.support import databases
from tests.support.addresses import Addresses

STORED = 10_000
PAGE = 50
FEW = QueryTerms(frozenset({"a7"}), frozenset({"b7"}))
GROW = """
    insert into inbound_item (item_number, origin_country, sender_name, addressee, source, taking_office,
        collecting_office, holding_office, state, link_secret, received_at, taken_by, terms)
    select 'CP' || n || 'KR', 'KR', 'Kim Minji',
        jsonb_build_object('name', 'Addressee ' || n, 'phone', '+85597' || 1000000 + n / 2, 'language', 'km',
            'address', '[]'::jsonb),
        'hand', 'PP01A', 'TK' || n % 100, case when n % 3 = 0 then 'TK' || n * 7 % 100 end,
        case when n % 5 = 0 then 'held' end, md5(n::text), now() - make_interval(mins => n / 2), 'tests',
        array['a' || n % 500, 'b' || n % 250]
    from generate_series(1, $1::integer) as n
"""


@pytest.fixture(scope="module")
async def many(servers: Addresses) -> AsyncIterator[Database]:
    async with databases.fresh(servers, "parcel") as lent:
        owner = await asyncpg.connect(lent.owner_url)
        await owner.execute(GROW, STORED)
        await owner.execute("vacuum analyze inbound_item")
        await owner.close()
        database = await Database.open(lent.service_url, pool_size=3, application="tests")
        try:
            yield database
        finally:
            await database.close()


@pytest.mark.parametrize(
    ("wanted", "found", "along"),
    [
        pytest.param(InboundFilter(), PAGE, "by_time", id="all"),
        pytest.param(InboundFilter(phone="+855971000007"), 2, "by_phone", id="of a phone"),
        pytest.param(InboundFilter(phone="+855971000007", office="TK14"), 1, "by_phone", id="of a phone at an office"),
        pytest.param(
            InboundFilter(office="TK7"), PAGE, "by_(time|(taking|collecting|holding)_office)", id="of an office"
        ),
        pytest.param(
            InboundFilter(office="XX99Z"), 0, "by_(taking|collecting|holding)_office", id="of an office without any"
        ),
        pytest.param(InboundFilter(state=CustomerState.HELD), PAGE, "by_time", id="of a state"),
        pytest.param(InboundFilter(words=FEW), 40, "terms", id="of a word"),
        pytest.param(InboundFilter(words=FEW, state=CustomerState.HELD), 0, "terms", id="of a word by state"),
    ],
)
async def test_a_list_of_many_items_walks_along_indexes(
    many: Database, wanted: InboundFilter, found: int, along: str
) -> None:
    async with many.connection() as tx:
        places, plan = await _planned(tx, wanted)

    assert len(places) == found
    assert "Seq Scan" not in plan
    assert re.search(rf"inbound_item_{along}\b", plan), plan


@pytest.mark.parametrize("wanted", [InboundFilter(), InboundFilter(office="TK7"), InboundFilter(words=FEW)], ids=str)
async def test_pages_follow_one_another_to_the_last_item_and_hold_each_once(
    many: Database, wanted: InboundFilter
) -> None:
    async with many.connection() as tx:
        whole = await _look(tx, wanted, BEGINNING, STORED)
        seen: list[Place] = []
        while page := await _look(tx, wanted, seen[-1] if seen else BEGINNING, 7 if len(whole) < PAGE * 7 else 999):
            seen += page

    assert len(whole) == (STORED if wanted == InboundFilter() else len(set(whole)))
    assert seen == whole == sorted(set(whole), reverse=True)


async def test_what_fits_exactly_comes_before_what_sounds_alike(many: Database) -> None:
    async with many.connection() as tx:
        places = await _look(tx, InboundFilter(words=FEW), BEGINNING, STORED)

    assert [place.fits for place in places] == [True] * 20 + [False] * 20


async def test_new_items_are_found_for_their_words_along_an_index(many: Database) -> None:
    async with many.connection() as tx:
        queries: list[str] = []
        with tx.query_logger(lambda query: queries.append(query.query)):
            assert await inbound_search.lock_new(tx, PAGE) == []
            await tx.execute("select 'the line before this one is logged by now'")
        plan = str(await tx.fetch(f"explain {queries[0]}", PAGE))
    assert "inbound_item_words_to_write" in plan


async def _look(tx: Tx, wanted: InboundFilter, after: Place, limit: int) -> list[Place]:
    look = inbound_lists.newest if wanted.words is None else inbound_lists.fitting
    return await look(tx, wanted, after, limit)


async def _planned(tx: Tx, wanted: InboundFilter) -> tuple[list[Place], str]:
    """Return what a list holds, and how the server read it."""
    ran: list[tuple[str, tuple[object, ...]]] = []
    with tx.query_logger(lambda query: ran.append((query.query, query.args))):
        places = await _look(tx, wanted, BEGINNING, PAGE)
        await tx.execute("select 'the line before this one is logged by now'")
    query, args = ran[0]
    return places, str(await tx.fetch(f"explain {query}", *args))

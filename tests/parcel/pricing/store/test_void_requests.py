"""Requests as the database keeps them; what the code forbids it forbids too."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from services.parcel.pricing.domain.void_request import VoidRequest
from services.parcel.pricing.store import void_requests
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.pricing.asked import NOON, NUMBER

OTHER_NUMBER = "PD100000014KH"


def request(item_number: str = NUMBER, office: str = HOME, minutes: int = 0) -> VoidRequest:
    asked_at = NOON + timedelta(minutes=minutes)
    return VoidRequest(new_id(), item_number, office, "refund", 4_000, "KHR", "Weighed wrongly.", "asker", asked_at)


def granted(one: VoidRequest) -> VoidRequest:
    return replace(one, decision="granted", decided_by="decider", decided_at=NOON, note="Seen.")


async def test_a_request_comes_back_as_it_was_added_and_decided(parcel_db: Database) -> None:
    one = request()
    async with parcel_db.transaction() as tx:
        assert await void_requests.add(tx, one)
        assert await void_requests.lock(tx, one.request_id) == one
        await void_requests.decide(tx, granted(one))

        assert await void_requests.of_item(tx, NUMBER) == [granted(one)]
        assert await void_requests.lock(tx, new_id()) is None


async def test_a_parcel_has_one_open_request_and_any_number_of_decided_ones(parcel_db: Database) -> None:
    first, second, third = request(), request(minutes=1), request(minutes=2)
    async with parcel_db.transaction() as tx:
        assert await void_requests.add(tx, first)
        assert not await void_requests.add(tx, second)
        await void_requests.decide(tx, granted(first))
        assert await void_requests.add(tx, third)

        assert await void_requests.of_item(tx, NUMBER) == [granted(first), third]


async def test_a_decision_is_not_written_over(parcel_db: Database) -> None:
    one = request()
    async with parcel_db.transaction() as tx:
        await void_requests.add(tx, one)
        await void_requests.decide(tx, granted(one))
        await void_requests.decide(tx, replace(granted(one), decision="refused"))

        assert await void_requests.of_item(tx, NUMBER) == [granted(one)]


@pytest.mark.parametrize(
    "decided",
    [
        replace(granted(request()), decided_by="asker"),
        replace(granted(request()), decided_by=None),
        replace(granted(request()), decided_at=None),
    ],
)
async def test_the_database_refuses_half_a_decision_and_one_of_the_asker(
    parcel_db: Database, decided: VoidRequest
) -> None:
    async with parcel_db.connection() as tx:
        await void_requests.add(tx, decided)
        with pytest.raises(asyncpg.CheckViolationError):
            await void_requests.decide(tx, decided)


@pytest.mark.parametrize(
    ("offices", "limit", "found"),
    [({HOME}, 9, [1, 3]), ({HOME, AWAY}, 9, [1, 2, 3]), (set(), 9, []), (None, 9, [1, 2, 3]), (None, 2, [1, 2])],
)
async def test_what_waits_is_listed_from_the_oldest_on(
    parcel_db: Database, offices: set[str] | None, limit: int, found: list[int]
) -> None:
    later, elsewhere = request(minutes=3), request(OTHER_NUMBER, AWAY, minutes=2)
    decided, early = request("PD100000028KH"), request("PD100000031KH", minutes=1)
    async with parcel_db.transaction() as tx:
        for one in (later, elsewhere, decided, early):
            await void_requests.add(tx, one)
        await void_requests.decide(tx, granted(decided))
        waiting = await void_requests.waiting(tx, offices, None, limit)

    assert [(one.asked_at - NOON) // timedelta(minutes=1) for one in waiting] == found

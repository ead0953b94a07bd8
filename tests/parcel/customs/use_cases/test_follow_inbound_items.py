"""Tracking says when an item from abroad came to its end."""

from datetime import datetime

import pytest

from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from services.parcel.posting.entrypoints.consumers import on_parcel_moved
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import kept, there
from tests.parcel.moved import moved

END, ON_ITS_WAY = CustomerState.DELIVERED, CustomerState.RETURNING


async def follow(database: Database, *events: ParcelMovedV1) -> None:
    async with database.transaction() as tx:
        await follow_inbound_items(tx, events)


async def ended_at(database: Database) -> datetime | None:
    async with database.connection() as connection:
        ended: datetime | None = await connection.fetchval("select ended_at from inbound_item")
    return ended


@pytest.mark.parametrize("state", list(CustomerState))
async def test_a_journey_has_an_end_in_these_states_alone(parcel_db: Database, state: CustomerState) -> None:
    await there(parcel_db)
    await follow(parcel_db, moved(INBOUND, 1, state))
    assert (await ended_at(parcel_db) is not None) is (state.value in {"delivered", "returned", "stopped", "lost"})


async def test_older_news_does_not_take_the_end_away(parcel_db: Database) -> None:
    await there(parcel_db)
    await follow(parcel_db, moved(INBOUND, 2, END))
    await follow(parcel_db, moved(INBOUND, 1, ON_ITS_WAY))
    assert await ended_at(parcel_db) is not None


async def test_the_office_that_has_an_item_is_the_one_of_the_latest_news(parcel_db: Database) -> None:
    await there(parcel_db)
    await follow(parcel_db, moved(INBOUND, 2, ON_ITS_WAY, office="TK03A"))
    await follow(parcel_db, moved(INBOUND, 1, ON_ITS_WAY, office="TK04A"))
    await follow(parcel_db, moved(INBOUND, 3, ON_ITS_WAY, office=None))
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select holding_office from inbound_item") == "TK03A"


async def test_how_far_an_item_is_stands_beside_it_from_the_first_scan(parcel_db: Database) -> None:
    states = [(await there(parcel_db)).state]
    for version, state in ((2, ON_ITS_WAY), (1, CustomerState.ARRIVED), (3, END)):
        await follow(parcel_db, moved(INBOUND, version, state))
        states.append((await kept(parcel_db)).state)
    assert states == [None, ON_ITS_WAY, ON_ITS_WAY, END]


async def test_an_item_that_goes_on_has_no_end(parcel_db: Database) -> None:
    await there(parcel_db)
    await follow(parcel_db, moved(INBOUND, 1, END), moved(INBOUND, 2, ON_ITS_WAY))
    assert await ended_at(parcel_db) is None


async def test_the_first_end_counts_for_how_long_it_is_over(parcel_db: Database) -> None:
    await there(parcel_db)
    await follow(parcel_db, moved(INBOUND, 1, END))
    async with parcel_db.connection() as connection:
        await connection.execute("update inbound_item set ended_at = ended_at - interval '30 days'")
    first = await ended_at(parcel_db)
    await follow(parcel_db, moved(INBOUND, 2, CustomerState.LOST))
    assert await ended_at(parcel_db) == first
    assert first is not None


async def test_what_tracking_tells_reaches_parcels_and_items_from_abroad(parcel_db: Database) -> None:
    await there(parcel_db)
    async with parcel_db.transaction() as tx:
        await on_parcel_moved(tx, [moved("PD100000003KH", 1, END), moved(INBOUND, 1, END)])
    assert await ended_at(parcel_db) is not None

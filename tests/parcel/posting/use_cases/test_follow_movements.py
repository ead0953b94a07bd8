"""The counter's list follows tracking: the newest counts, whatever comes late or twice."""

import itertools

import pytest

from services.parcel.posting.store import parcels
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, THIRD
from tests.parcel.counter import Counter
from tests.parcel.moved import follow, moved

ACCEPTED, IN_TRANSIT = CustomerState.ACCEPTED, CustomerState.IN_TRANSIT
READY, DELIVERED = CustomerState.READY_FOR_COLLECTION, CustomerState.DELIVERED


async def state_of(database: Database, number: str) -> CustomerState:
    async with database.connection() as connection:
        parcel = await parcels.find(connection, number)
    assert parcel is not None
    return parcel.state


async def test_the_newest_movement_shows_state_and_holding_office(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()

    await follow(parcel_db, moved(number, 1, ACCEPTED), moved(number, 2, IN_TRANSIT, office=AWAY))

    parcel = (await counter.get(f"/parcels/{number}")).json()
    assert (parcel["state"], parcel["holding_office"], parcel["version"]) == ("in_transit", AWAY, 1)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("together", [True, False])
async def test_any_order_of_arrival_ends_in_the_newest_state(
    counter: Counter, parcel_db: Database, order: tuple[int, ...], together: bool
) -> None:
    number = await counter.registered()
    news = [moved(number, 1, ACCEPTED), moved(number, 2, IN_TRANSIT), moved(number, 3, READY, office=THIRD)]
    shuffled = [news[place] for place in order]

    for batch in [shuffled] if together else [[one] for one in shuffled]:
        await follow(parcel_db, *batch)

    assert await state_of(parcel_db, number) is READY


async def test_the_same_news_twice_changes_nothing(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    news = moved(number, 2, IN_TRANSIT)

    await follow(parcel_db, news)
    await follow(parcel_db, news, news)

    assert await state_of(parcel_db, number) is IN_TRANSIT


async def test_numbers_that_are_not_ours_pass_by(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()

    await follow(parcel_db, moved("RR473124829GB", 1, DELIVERED), moved(number, 1, IN_TRANSIT))
    await follow(parcel_db)

    assert await state_of(parcel_db, number) is IN_TRANSIT


async def test_a_cancelled_parcel_is_not_revived_by_late_news_of_its_acceptance(
    counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered()
    await counter.cancel(number)

    await follow(parcel_db, moved(number, 1, ACCEPTED))
    assert await state_of(parcel_db, number) is CustomerState.CANCELLED

    await follow(parcel_db, moved(number, 2, CustomerState.CANCELLED))
    assert await state_of(parcel_db, number) is CustomerState.CANCELLED


async def test_a_cancelled_parcel_that_moved_all_the_same_is_no_longer_cancelled(
    counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered()
    await counter.cancel(number)

    await follow(parcel_db, moved(number, 2, IN_TRANSIT))

    parcel = (await counter.get(f"/parcels/{number}")).json()
    assert (parcel["state"], parcel["cancelled_at"]) == ("in_transit", None)


async def test_a_second_journey_counts_although_its_versions_begin_again(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    first = [moved(number, 8, READY), moved(number, 9, DELIVERED)]
    second: ParcelMovedV1 = moved(number, 1, IN_TRANSIT, journey_no=2)

    await follow(parcel_db, *first)
    await follow(parcel_db, second)
    await follow(parcel_db, moved(number, 10, CustomerState.RETURNED))

    assert await state_of(parcel_db, number) is IN_TRANSIT

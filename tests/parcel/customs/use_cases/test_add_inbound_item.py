"""A number of another post names one item for twelve months, and after that another."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.parcel.customs.domain.inbound import Addressee, AlreadyTakenIn, Charges, Payment, TakenIn
from services.parcel.customs.store import inbound_items
from services.parcel.customs.store.inbound_items import InboundMovement
from services.parcel.customs.use_cases.attach_paper import attach_paper
from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from shared.contracts.parcel import ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import TOMBSTONE, Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import HOME
from tests.parcel.customs.desk import INBOUND, PHOTO
from tests.parcel.customs.inbound import ITEM, NOON, TAKER, kept, there
from tests.parcel.customs.use_cases.test_take_in import ahead, by_hand
from tests.parcel.moved import moved

TIME_OVER = NOON.replace(year=2027) + timedelta(seconds=1)
ANOTHER = replace(ITEM, addressee=Addressee("Sok Dara", "+85512345678", "en"), link_secret="another secret")


async def known_before(database: Database) -> None:
    """Let an item be there that was scanned, and of which a paper was photographed."""
    await by_hand(database)
    async with database.transaction() as tx:
        await inbound_items.change(tx, replace(ITEM, papers_wanted="an invoice"))
        await tx.execute("update inbound_item set papers = 'asked_for', holding_office = $1", HOME)
        await attach_paper(tx, TAKER, INBOUND, HOME, PHOTO, NOON)
        await inbound_items.follow(tx, [InboundMovement(INBOUND, 1, 4, CustomerState.DELIVERED)])


async def past(database: Database) -> list[tuple[str, datetime, int]]:
    async with database.connection() as connection:
        rows = await connection.fetch("select item_number, received_at, version from past_inbound_item")
    return [tuple(row) for row in rows]


async def test_within_its_time_a_number_names_the_item_that_is_there(parcel_db: Database) -> None:
    await by_hand(parcel_db)

    with pytest.raises(AlreadyTakenIn):
        await by_hand(parcel_db, replace(ANOTHER, received_at=TIME_OVER - timedelta(seconds=1)))

    assert await past(parcel_db) == []


async def test_after_its_time_a_number_names_another_item_and_the_old_one_is_kept_apart(parcel_db: Database) -> None:
    await known_before(parcel_db)
    before = (await kept(parcel_db)).version

    taken = await by_hand(parcel_db, replace(ANOTHER, received_at=TIME_OVER))

    assert taken.item == await kept(parcel_db) == replace(ANOTHER, received_at=TIME_OVER, version=before + 1)
    assert taken.contacts is not None
    assert taken.contacts.version == before + 1, "who heard of the first one by its version hears of this one"
    assert await past(parcel_db) == [(INBOUND, NOON, before)]
    async with parcel_db.connection() as connection:
        row = await connection.fetchval("select p::text from past_inbound_item as p")
        assert await connection.fetchval("select count(*) from customs_paper") == 0
    assert not [personal for personal in ("ចាន់", "971234567", "Takeo", "Kim Minji", "secret") if personal in row]


async def test_the_new_addressee_is_told_at_a_later_version_than_the_old_one_was_erased_at(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await known_before(parcel_db)
    async with parcel_db.transaction() as tx:
        await tx.execute("update inbound_item set ended_at = $1", NOON)
        await erase_inbound_people(tx, Outbox("parcel", key_ring), timedelta(days=180), TIME_OVER)
        await tx.execute("delete from outbox where type = $1", TOMBSTONE)
    (erased,) = await told.events(parcel_db, key_ring, INBOUND)
    assert isinstance(erased, ParcelErasedV1)

    taken = await by_hand(parcel_db, replace(ANOTHER, received_at=TIME_OVER))

    assert taken.contacts is not None
    assert taken.contacts.version > erased.version


@pytest.mark.parametrize("payment", [None, *Payment])
async def test_what_was_due_on_the_old_item_is_told_to_be_due_no_more(
    parcel_db: Database, payment: Payment | None
) -> None:
    charges = Charges(12_000, (), "KHR") if payment else None
    before = await there(parcel_db, charges=charges, payment=payment)

    taken = await by_hand(parcel_db, replace(ANOTHER, received_at=TIME_OVER))

    assert (taken.item.charges, taken.item.payment) == (None, None)
    assert (taken.charges is not None) is (payment is Payment.DUE)
    if taken.charges:
        assert (taken.charges.version, taken.charges.charges) == (before.version + 1, "paid")
        assert taken.events == [taken.contacts, taken.charges]


async def test_old_news_of_the_number_does_not_end_the_new_item(parcel_db: Database) -> None:
    await known_before(parcel_db)
    await by_hand(parcel_db, replace(ANOTHER, received_at=TIME_OVER))

    async def ended(journey_no: int, version: int) -> bool:
        async with parcel_db.transaction() as tx:
            news = moved(INBOUND, version, CustomerState.DELIVERED, journey_no=journey_no)
            await follow_inbound_items(tx, [news])
            return bool(await tx.fetchval("select ended_at is not null from inbound_item"))

    assert [await ended(1, 4), await ended(2, 1)] == [False, True]


async def test_advance_data_begins_another_item_too(parcel_db: Database) -> None:
    await by_hand(parcel_db, replace(ITEM, received_at=NOON - timedelta(days=366)))

    assert (await ahead(parcel_db)).item.version == 2

    assert len(await past(parcel_db)) == 1


async def test_of_two_counters_at_once_one_takes_the_other_item_in(parcel_db: Database) -> None:
    await known_before(parcel_db)
    again = replace(ANOTHER, received_at=TIME_OVER)

    outcomes = await asyncio.gather(by_hand(parcel_db, again), by_hand(parcel_db, again), return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {TakenIn, AlreadyTakenIn}
    assert len(await past(parcel_db)) == 1

"""What was told ahead of an item does not cease to be there; a correction is told anew until the item left."""

from dataclasses import replace

import pytest

from services.parcel.customs.domain.declaration import RecipientClosed, ToldAhead
from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.customs.use_cases.judge_advance_data_again import judge_advance_data_again
from services.parcel.customs.use_cases.note_closed_items import note_closed_items
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.parcel.customs.declarations import NUMBER, POSTED
from tests.parcel.customs.use_cases.test_declare_content import LATER, complete, declare, kept
from tests.parcel.moved import moved

NOWHERE = replace(POSTED, addressee=replace(POSTED.addressee, address=(), phone=None))


SOMEBODY_ELSE = replace(POSTED, addressee=replace(POSTED.addressee, name="Lee Jiho"))


async def judge(database: Database, item: PostedItem, was: PostedItem = POSTED) -> None:
    async with database.transaction() as tx:
        await judge_advance_data_again(tx, Outbox("parcel"), was, item, LATER)


async def test_an_item_that_is_not_declared_yet_is_not_judged(parcel_db: Database) -> None:
    await judge(parcel_db, NOWHERE)


async def test_what_was_told_may_not_be_taken_away(parcel_db: Database) -> None:
    await declare(parcel_db)
    assert await complete(parcel_db)

    with pytest.raises(ToldAhead) as refused:
        await judge(parcel_db, NOWHERE)
    await judge(parcel_db, replace(POSTED, sender=replace(POSTED.sender, address=())))

    assert refused.value.detail == "Missing: addressee.address, addressee.phone."


async def test_a_correction_may_complete_what_is_told(parcel_db: Database) -> None:
    await declare(parcel_db)
    assert await complete(parcel_db, NOWHERE) is None

    await judge(parcel_db, NOWHERE)
    assert (await kept(parcel_db)).advance_data_complete_at is None
    await judge(parcel_db, POSTED, was=NOWHERE)

    assert (await kept(parcel_db)).advance_data_complete_at == LATER


@pytest.mark.parametrize(("item", "tellings"), [(SOMEBODY_ELSE, 2), (POSTED, 1)])
async def test_another_addressee_is_told_anew_and_the_same_one_is_not(
    parcel_db: Database, item: PostedItem, tellings: int
) -> None:
    await declare(parcel_db)
    assert await complete(parcel_db)
    told = (await kept(parcel_db)).version

    await judge(parcel_db, item)

    assert (await kept(parcel_db)).version == told + tellings - 1
    assert await complete(parcel_db, item) is None


@pytest.mark.parametrize("declared", [True, False])
async def test_whom_an_item_is_for_changes_no_more_once_it_left(parcel_db: Database, declared: bool) -> None:
    if declared:
        await declare(parcel_db)
    async with parcel_db.transaction() as tx:
        await note_closed_items(tx, [moved(NUMBER, 2, CustomerState.IN_TRANSIT, event_code="EMC")])

    with pytest.raises(RecipientClosed) as refused:
        await judge(parcel_db, SOMEBODY_ELSE)

    assert "call the parcel back" in str(refused.value.detail)

"""What was told ahead of an item does not cease to be there, and may come to be there by a correction."""

from dataclasses import replace

import pytest

from services.parcel.customs.domain.declaration import ToldAhead
from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.customs.use_cases.judge_advance_data_again import judge_advance_data_again
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.parcel.customs.declarations import POSTED
from tests.parcel.customs.use_cases.test_declare_content import LATER, complete, declare, kept

NOWHERE = replace(POSTED, addressee=replace(POSTED.addressee, address=(), phone=None))


async def judge(database: Database, item: PostedItem) -> None:
    async with database.transaction() as tx:
        await judge_advance_data_again(tx, Outbox("parcel"), item, LATER)


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
    await judge(parcel_db, POSTED)

    assert (await kept(parcel_db)).advance_data_complete_at == LATER

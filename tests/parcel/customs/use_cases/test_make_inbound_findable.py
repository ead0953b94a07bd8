"""The words of addressees are written once, anew where somebody else is the addressee, and go with the people."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.customs.domain.inbound import Addressee
from services.parcel.customs.store import inbound_items
from services.parcel.customs.use_cases import make_inbound_findable
from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from shared.clock import now
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel.customs.findable import find_words, item, store
from tests.parcel.customs.inbound import ITEM
from tests.parcel.customs.use_cases.test_add_inbound_item import ANOTHER, TIME_OVER
from tests.parcel.customs.use_cases.test_take_in import by_hand


async def words(database: Database) -> set[str] | None:
    async with database.connection() as connection:
        kept = await connection.fetchval("select terms from inbound_item")
    return None if kept is None else set(kept)


async def test_the_words_are_those_of_name_and_phone_and_written_once(parcel_db: Database) -> None:
    await store(parcel_db, [item(1, "Sok Dara", "+85512345678")])
    assert await words(parcel_db) >= {"sok", "dara", "5678"}  # type: ignore[operator]
    assert await find_words(parcel_db) == 0


async def test_many_are_made_findable_in_portions(parcel_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_inbound_findable, "PORTION", 2)
    async with parcel_db.transaction() as tx:
        for serial in range(3):
            await inbound_items.add(tx, item(serial))
    assert [await find_words(parcel_db) for _ in range(3)] == [2, 1, 0]


async def test_an_addressee_who_was_corrected_is_found_and_the_one_before_is_not(parcel_db: Database) -> None:
    (number,) = await store(parcel_db, [item(1, "Sok Dara")])
    async with parcel_db.transaction() as tx:
        known = await inbound_items.lock(tx, number)
        assert known is not None
        await inbound_items.change(tx, replace(known, addressee=Addressee("Vong Pisey", None)))
    assert await words(parcel_db) is None

    assert await find_words(parcel_db) == 1

    assert "pisey" in (await words(parcel_db) or ())
    assert {"dara", "5678"}.isdisjoint(await words(parcel_db) or ())


@pytest.mark.parametrize("change", ["a change of something else", "a scan"])
async def test_what_leaves_the_addressee_leaves_the_words(parcel_db: Database, change: str) -> None:
    (number,) = await store(parcel_db, [item(1)])
    async with parcel_db.transaction() as tx:
        if change == "a scan":
            movement = inbound_items.InboundMovement(number, 1, 1, CustomerState.ARRIVED, "TK02A")
            await inbound_items.follow(tx, [movement])
        else:
            known = await inbound_items.lock(tx, number)
            assert known is not None
            await inbound_items.change(tx, replace(known, sender_name="Lee"))
    assert await find_words(parcel_db) == 0


@pytest.mark.parametrize("findable_before", [True, False])
async def test_the_words_go_with_the_people_and_do_not_come_back(
    parcel_db: Database, key_ring: KeyRing, findable_before: bool
) -> None:
    async with parcel_db.transaction() as tx:
        await inbound_items.add(tx, ITEM)
    if findable_before:
        await find_words(parcel_db)
    async with parcel_db.transaction() as tx:
        await tx.execute("update inbound_item set ended_at = now() - interval '1 year'")
        assert await erase_inbound_people(tx, Outbox("parcel", key_ring), timedelta(days=180), now()) == 1

    assert await words(parcel_db) == set()
    assert await find_words(parcel_db) == 0


async def test_words_that_the_release_before_left_on_an_erased_item_go_as_well(parcel_db: Database) -> None:
    await store(parcel_db, [item(1)])
    async with parcel_db.connection() as connection:
        await connection.execute(
            """update inbound_item set erased_at = now(), addressee = addressee || '{"name": "", "phone": null}'"""
        )

    assert [await find_words(parcel_db) for _ in range(2)] == [1, 0]

    assert await words(parcel_db) == set()


async def test_the_words_of_an_item_go_with_it_when_its_number_names_another(parcel_db: Database) -> None:
    await by_hand(parcel_db)
    await find_words(parcel_db)

    await by_hand(parcel_db, replace(ANOTHER, received_at=TIME_OVER))

    assert await words(parcel_db) is None
    await find_words(parcel_db)
    assert await words(parcel_db) >= {"sok", "dara"}  # type: ignore[operator]

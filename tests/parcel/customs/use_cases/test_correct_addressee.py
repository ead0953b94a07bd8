"""Whom an item from abroad is for is corrected until it is handed over; the new addressee is told, the old one not."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.customs.domain.inbound import Addressee, InboundItem, InboundItemNotFound, InboundItemOver, Source
from services.parcel.customs.domain.inbound_correction import Correction
from services.parcel.customs.store import inbound_corrections, inbound_items
from services.parcel.customs.use_cases.add_inbound_item import add_inbound_item
from services.parcel.customs.use_cases.correct_addressee import correct_addressee
from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelChangedV1, ParcelContactsV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import ITEM, KEEPER, NOON, STRANGER, TAKER, kept, there, told_ahead
from tests.parcel.moved import moved

SOPHEA = Addressee("Chan Sophea", "+85511222333", "en", ("Bati",), "210201", "210201")
LATER = NOON + timedelta(hours=1)
OVER = ("delivered", "returned", "stopped", "lost")


async def correct(
    database: Database,
    key_ring: KeyRing,
    addressee: Addressee = SOPHEA,
    office: str | None = None,
    actor: Actor = TAKER,
) -> InboundItem:
    async with database.transaction() as tx:
        return await correct_addressee(tx, Outbox("parcel", key_ring), actor, INBOUND, addressee, office, LATER)


async def corrections(database: Database) -> list[Correction]:
    async with database.connection() as connection:
        return await inbound_corrections.of_item(connection, INBOUND)


async def test_a_correction_grows_the_version_and_is_told_sealed(parcel_db: Database, key_ring: KeyRing) -> None:
    before = await there(parcel_db)

    corrected = await correct(parcel_db, key_ring)

    assert corrected == replace(before, addressee=SOPHEA, version=before.version + 1) == await kept(parcel_db)
    changed, contacts = await told.events(parcel_db, key_ring, INBOUND)
    assert isinstance(changed, ParcelChangedV1)
    assert isinstance(contacts, ParcelContactsV1)
    assert (changed.version, changed.changed, contacts.version) == (corrected.version, "recipient", corrected.version)
    assert (contacts.recipient.name, contacts.recipient.phone) == ("Chan Sophea", "+85511222333")
    assert (contacts.sender.phone, contacts.link_secret) == ("", before.link_secret)


async def test_who_had_a_phone_by_mistake_is_told_nothing_any_more(parcel_db: Database, key_ring: KeyRing) -> None:
    await there(parcel_db)

    for addressee in (Addressee("Chan Sophea"), Addressee("Chan Sopheap")):
        await correct(parcel_db, key_ring, addressee)

    told_of = await told.events(parcel_db, key_ring, INBOUND)
    phones = [event.recipient.phone for event in told_of if isinstance(event, ParcelContactsV1)]
    assert phones == [""], "an empty phone once; after that nobody is known to be told otherwise"


async def test_the_same_correction_again_changes_nothing(parcel_db: Database, key_ring: KeyRing) -> None:
    await there(parcel_db)

    items = [await correct(parcel_db, key_ring, office=THIRD) for _ in range(2)]

    assert items[0] == items[1]
    assert len(await told.events(parcel_db, key_ring, INBOUND)) == 2
    assert len(await corrections(parcel_db)) == 1


async def test_who_did_it_and_from_what_to_what_stays_on_record(parcel_db: Database, key_ring: KeyRing) -> None:
    before = await there(parcel_db)

    await correct(parcel_db, key_ring, office=THIRD)
    await correct(parcel_db, key_ring, ITEM.addressee, actor=replace(STRANGER, id="keeper now"))

    first, second = await corrections(parcel_db)
    version = before.version + 1
    assert first == Correction(INBOUND, version, ITEM.addressee, SOPHEA, AWAY, THIRD, TAKER.id, HOME, LATER)
    assert second == Correction(INBOUND, version + 1, SOPHEA, ITEM.addressee, THIRD, THIRD, "keeper now", THIRD, LATER)
    async with parcel_db.connection() as connection:
        reads = await connection.fetch("select actor, what, item_numbers from personal_data_read order by read_id")
    assert [tuple(read) for read in reads] == [
        (TAKER.id, "addressee corrected", [INBOUND]),
        ("keeper now", "addressee corrected", [INBOUND]),
    ]


async def test_the_item_waits_elsewhere_if_that_is_corrected(parcel_db: Database, key_ring: KeyRing) -> None:
    await there(parcel_db)

    assert (await correct(parcel_db, key_ring)).collecting_office == AWAY
    assert (await correct(parcel_db, key_ring, office=THIRD, actor=KEEPER)).collecting_office == THIRD
    with pytest.raises(InboundItemNotFound):
        await correct(parcel_db, key_ring, ITEM.addressee, actor=KEEPER)


async def test_corrections_at_once_get_versions_one_after_the_other(parcel_db: Database, key_ring: KeyRing) -> None:
    before = await there(parcel_db)

    await asyncio.gather(*(correct(parcel_db, key_ring, Addressee(f"Person {n}", "+85511222333")) for n in range(4)))

    versions = [correction.version for correction in await corrections(parcel_db)]
    assert versions == [before.version + n for n in range(1, 5)]
    last = (await corrections(parcel_db))[-1]
    assert (await kept(parcel_db)).addressee == last.became


async def test_an_office_that_does_not_see_the_item_corrects_nothing(parcel_db: Database, key_ring: KeyRing) -> None:
    with pytest.raises(InboundItemNotFound) as unknown:
        await correct(parcel_db, key_ring)
    await there(parcel_db)

    with pytest.raises(InboundItemNotFound) as foreign:
        await correct(parcel_db, key_ring, actor=STRANGER)

    assert str(foreign.value) == str(unknown.value)
    assert await corrections(parcel_db) == []


@pytest.mark.parametrize("state", CustomerState)
async def test_an_item_is_corrected_until_its_end(parcel_db: Database, key_ring: KeyRing, state: CustomerState) -> None:
    await there(parcel_db)
    async with parcel_db.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, 1, state)])

    if state.value in OVER:
        with pytest.raises(InboundItemOver):
            await correct(parcel_db, key_ring)
        assert await told.events(parcel_db, key_ring) == []
    else:
        assert (await correct(parcel_db, key_ring)).addressee == SOPHEA


async def test_of_a_forgotten_item_nobody_is_named_again(parcel_db: Database, key_ring: KeyRing) -> None:
    await there(parcel_db)
    await correct(parcel_db, key_ring)
    async with parcel_db.transaction() as tx:
        await tx.execute("update inbound_item set ended_at = $1", NOON)
        await erase_inbound_people(tx, Outbox("parcel", key_ring), timedelta(0), NOON + timedelta(days=1))

    with pytest.raises(InboundItemOver):
        await correct(parcel_db, key_ring)
    with pytest.raises(InboundItemNotFound):
        await correct(parcel_db, key_ring, actor=STRANGER)

    (left,) = await corrections(parcel_db)
    assert (left.was, left.became, left.corrected_by, left.corrected_at) == (None, None, TAKER.id, LATER)


async def test_the_number_of_a_corrected_item_names_another_after_its_time(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await there(parcel_db)
    await correct(parcel_db, key_ring)

    async with parcel_db.transaction() as tx:
        from_then = replace(ITEM, received_at=NOON.replace(year=2029))
        added = await add_inbound_item(tx, from_then)

    assert added is not None
    assert await corrections(parcel_db) == []


async def test_a_clerk_who_corrects_what_was_told_ahead_has_the_last_word(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    ahead = replace(ITEM, source=Source.ITMATT, content=told_ahead(), addressee_by_hand=False)
    async with parcel_db.transaction() as tx:
        await inbound_items.add(tx, ahead)

    confirmed = await correct(parcel_db, key_ring, ITEM.addressee)

    assert (confirmed.addressee_by_hand, confirmed.addressee, confirmed.version) == (True, ITEM.addressee, 2)

"""An item becomes known by advance data, by hand, or by both in either order; nothing a clerk wrote is lost."""

import asyncio
from dataclasses import replace

import pytest

from services.parcel.customs.domain.inbound import (
    Addressee,
    AlreadyTakenIn,
    InboundItem,
    InboundItemNotFound,
    Source,
    TakenIn,
)
from services.parcel.customs.domain.itmatt import AdvanceData
from services.parcel.customs.store import inbound_corrections
from services.parcel.customs.use_cases.correct_addressee import correct_addressee
from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from services.parcel.customs.use_cases.take_in_advance_data import take_in_advance_data
from services.parcel.customs.use_cases.take_in_by_hand import take_in_by_hand
from shared.access.roles import Actor, OtherOffice
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.errors import Invalid
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import ITEM, KEEPER, NOON, STRANGER, TAKER, kept, told_ahead
from tests.parcel.moved import moved


async def by_hand(database: Database, item: InboundItem = ITEM, actor: Actor = TAKER) -> TakenIn:
    async with database.transaction() as tx:
        return await take_in_by_hand(tx, actor, item)


async def ahead(
    database: Database,
    data: AdvanceData | None = None,
    actor: Actor = TAKER,
    office: str = HOME,
    collecting_office: str | None = None,
) -> TakenIn:
    async with database.transaction() as tx:
        return await take_in_advance_data(tx, actor, data or told_ahead(), office, collecting_office, NOON)


async def test_an_item_taken_in_by_hand_is_kept_and_its_addressee_told(parcel_db: Database) -> None:
    taken = await by_hand(parcel_db)

    assert taken.item == await kept(parcel_db) == ITEM
    assert taken.contacts is not None
    assert taken.contacts.link_secret == ITEM.link_secret


async def test_nobody_is_told_while_no_phone_is_known(parcel_db: Database) -> None:
    assert (await by_hand(parcel_db, replace(ITEM, addressee=Addressee("ចាន់ ធីតា")))).contacts is None


async def test_an_item_is_taken_in_by_hand_once(parcel_db: Database) -> None:
    await by_hand(parcel_db)

    with pytest.raises(AlreadyTakenIn):
        await by_hand(parcel_db)


async def test_of_two_counters_at_once_one_takes_an_item_in(parcel_db: Database) -> None:
    elsewhere = replace(ITEM, taking_office=AWAY, taken_by=KEEPER.id)
    outcomes = await asyncio.gather(by_hand(parcel_db), by_hand(parcel_db, elsewhere, KEEPER), return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} == {TakenIn, AlreadyTakenIn}


async def test_nobody_takes_in_for_another_office(parcel_db: Database) -> None:
    with pytest.raises(OtherOffice):
        await by_hand(parcel_db, actor=KEEPER)
    with pytest.raises(OtherOffice):
        await ahead(parcel_db, office=AWAY)


async def test_advance_data_is_kept_whole_and_its_addressee_told(parcel_db: Database) -> None:
    taken = await ahead(parcel_db, collecting_office=AWAY)

    assert taken.item == await kept(parcel_db)
    assert (taken.item.content, taken.item.source) == (told_ahead(), Source.ITMATT)
    assert (taken.item.addressee.phone, taken.item.origin_country) == ("+855971234567", "KR")
    assert taken.contacts is not None


@pytest.mark.parametrize("phone", [None, "see label", "12"])
async def test_a_phone_that_cannot_be_read_does_not_keep_an_item_out(parcel_db: Database, phone: str | None) -> None:
    addressee = {"name": "Chan Thida", "country": "KH"} | ({"phone": phone} if phone else {})

    taken = await ahead(parcel_db, told_ahead(addressee=addressee))

    assert (taken.item.addressee.phone, taken.contacts) == (None, None)


async def test_a_number_of_ours_does_not_come_in(parcel_db: Database) -> None:
    with pytest.raises(Invalid):
        await ahead(parcel_db, told_ahead(item_number="RR000164273KH"))


async def scanned_at(database: Database, office: str) -> None:
    async with database.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.ARRIVED, office=office)])


async def test_a_counter_completes_what_was_told_ahead_once_it_scanned_it(parcel_db: Database) -> None:
    before = (await ahead(parcel_db)).item
    await scanned_at(parcel_db, AWAY)

    completed = await by_hand(
        parcel_db, replace(ITEM, taking_office=AWAY, addressee=Addressee("Thida", "+85512345678")), KEEPER
    )

    assert completed.item == await kept(parcel_db)
    assert (completed.item.source, completed.item.content) == (Source.ITMATT, told_ahead())
    assert (completed.item.taking_office, completed.item.collecting_office) == (AWAY, AWAY)
    assert (completed.item.version, completed.item.link_secret) == (2, before.link_secret)
    assert completed.contacts is not None
    assert (completed.contacts.version, completed.contacts.recipient.phone) == (2, "+85512345678")


async def test_the_office_that_was_told_completes_it_though_nobody_scanned_it(parcel_db: Database) -> None:
    await ahead(parcel_db)

    assert (await by_hand(parcel_db)).item.collecting_office == AWAY


async def test_a_counter_that_guesses_a_number_is_refused_alike_and_reads_nothing(parcel_db: Database) -> None:
    refused: list[tuple[str, str]] = []
    for known in (ahead, by_hand):
        async with parcel_db.transaction() as tx:
            await tx.execute("delete from inbound_item")
        before = (await known(parcel_db)).item
        with pytest.raises(AlreadyTakenIn) as refusal:
            await by_hand(parcel_db, replace(ITEM, taking_office=THIRD), STRANGER)
        refused.append((refusal.value.slug, str(refusal.value)))
        assert await kept(parcel_db) == before
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from personal_data_read") == 0
    assert len(set(refused)) == 1


async def test_what_went_on_is_no_longer_completed_where_it_was(parcel_db: Database) -> None:
    await ahead(parcel_db)
    for office in (THIRD, AWAY):
        async with parcel_db.transaction() as tx:
            version = 1 + (THIRD, AWAY).index(office)
            await follow_inbound_items(tx, [moved(INBOUND, version, CustomerState.IN_TRANSIT, office=office)])

    with pytest.raises(AlreadyTakenIn):
        await by_hand(parcel_db, replace(ITEM, taking_office=THIRD), STRANGER)


async def test_what_waits_at_an_office_is_not_completed_by_another(parcel_db: Database) -> None:
    await ahead(parcel_db, collecting_office=AWAY)

    with pytest.raises(AlreadyTakenIn):
        await by_hand(parcel_db, replace(ITEM, taking_office=THIRD), STRANGER)


async def test_advance_data_that_comes_late_leaves_what_a_clerk_wrote(parcel_db: Database) -> None:
    await by_hand(parcel_db)

    taken = await ahead(parcel_db)

    assert taken.item == replace(ITEM, content=told_ahead(), told_office=HOME, version=2) == await kept(parcel_db)
    assert taken.contacts is None


async def test_the_same_advance_data_again_changes_nothing(parcel_db: Database) -> None:
    first = (await ahead(parcel_db)).item

    assert (await ahead(parcel_db)).item == first == await kept(parcel_db)
    assert (await ahead(parcel_db, told_ahead(comments="opened"))).item.version == 2


ANOTHER = {"name": "Sok Dara", "country": "KH", "phone": "012 345 678", "address": ["Bati"]}
SOK_DARA = Addressee("Sok Dara", "+85512345678", "km", ("Bati",))


async def test_a_second_message_of_the_post_names_another_addressee_who_is_told(parcel_db: Database) -> None:
    first = (await ahead(parcel_db)).item

    second = await ahead(parcel_db, told_ahead(addressee=ANOTHER))

    assert (second.item.addressee, second.item.addressee_by_hand) == (SOK_DARA, False)
    assert second.item == await kept(parcel_db)
    assert second.contacts is not None
    assert (second.contacts.version, second.contacts.recipient.phone) == (2, "+85512345678")
    async with parcel_db.connection() as connection:
        (correction,) = await inbound_corrections.of_item(connection, INBOUND)
    assert (correction.was, correction.became, correction.corrected_by) == (first.addressee, SOK_DARA, TAKER.id)


async def test_a_second_message_without_a_phone_ends_what_the_first_one_was_told(parcel_db: Database) -> None:
    await ahead(parcel_db)

    second = await ahead(parcel_db, told_ahead(addressee={"name": "Sok Dara", "country": "KH"}))

    assert second.contacts is not None
    assert (second.contacts.version, second.contacts.recipient.phone) == (2, "")


async def test_what_a_clerk_completed_stays_and_the_answer_says_so(parcel_db: Database) -> None:
    await ahead(parcel_db)
    completed = (await by_hand(parcel_db)).item

    late = await ahead(parcel_db, told_ahead(addressee=ANOTHER))

    assert late.item == replace(completed, content=told_ahead(addressee=ANOTHER), version=3)
    assert (late.item.addressee_by_hand, late.contacts) == (True, None)


async def test_a_second_message_says_where_the_item_will_wait(parcel_db: Database) -> None:
    await ahead(parcel_db)

    second = await ahead(parcel_db, collecting_office=AWAY)
    third = await ahead(parcel_db, told_ahead(comments="opened"))
    again = await ahead(parcel_db, told_ahead(comments="opened"), collecting_office=THIRD)

    assert [taken.item.collecting_office for taken in (second, third, again)] == [AWAY, AWAY, THIRD]
    assert again.item == await kept(parcel_db)
    async with parcel_db.connection() as connection:
        corrections = await inbound_corrections.of_item(connection, INBOUND)
    assert [(one.waited_at, one.waits_at) for one in corrections] == [(None, AWAY), (AWAY, THIRD)]


async def test_where_a_clerk_lets_an_item_wait_it_stays(parcel_db: Database) -> None:
    await ahead(parcel_db)
    await by_hand(parcel_db)

    assert (await ahead(parcel_db, collecting_office=THIRD)).item.collecting_office == AWAY


async def test_a_clerk_who_named_no_office_leaves_it_to_the_post(parcel_db: Database, key_ring: KeyRing) -> None:
    await ahead(parcel_db)
    async with parcel_db.transaction() as tx:
        await correct_addressee(tx, Outbox("parcel", key_ring), TAKER, INBOUND, SOK_DARA, None, NOON)

    late = await ahead(parcel_db, collecting_office=AWAY)

    assert (late.item.addressee, late.item.collecting_office) == (SOK_DARA, AWAY)


async def test_where_it_waited_at_its_end_an_item_stays(parcel_db: Database) -> None:
    first = (await ahead(parcel_db)).item
    async with parcel_db.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.DELIVERED)])

    assert (await ahead(parcel_db, collecting_office=AWAY)).item.collecting_office == first.collecting_office


async def test_what_was_handed_over_is_readdressed_by_nobody(parcel_db: Database) -> None:
    first = (await ahead(parcel_db)).item
    async with parcel_db.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.DELIVERED)])

    late = await ahead(parcel_db, told_ahead(addressee=ANOTHER))

    assert (late.item.addressee, late.contacts) == (first.addressee, None)


async def test_a_label_without_a_phone_leaves_the_one_that_was_told_ahead(parcel_db: Database) -> None:
    await ahead(parcel_db)

    completed = await by_hand(parcel_db, replace(ITEM, addressee=Addressee("ចាន់ ធីតា")))

    assert completed.item.addressee == Addressee("ចាន់ ធីតា", "+855971234567")
    assert completed.contacts is not None
    assert (completed.contacts.recipient.name, completed.contacts.recipient.phone) == ("ចាន់ ធីតា", "+855971234567")


async def test_advance_data_does_not_touch_an_item_of_other_offices(parcel_db: Database) -> None:
    await by_hand(parcel_db)

    with pytest.raises(InboundItemNotFound):
        await ahead(parcel_db, actor=STRANGER, office=THIRD)
    assert await kept(parcel_db) == ITEM

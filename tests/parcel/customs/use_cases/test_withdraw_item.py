"""An item that was taken in by hand under another's number is withdrawn, and the number is free for that other one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.customs.domain.inbound import (
    Addressee,
    Charges,
    InboundItem,
    InboundItemNotFound,
    InboundItemOver,
    PapersState,
    Payment,
    Source,
    ToldByPost,
    WithdrawalReason,
)
from services.parcel.customs.domain.inbound_lists import BEGINNING, InboundFilter
from services.parcel.customs.store import inbound_lists
from services.parcel.customs.use_cases.ask_for_papers import ask_for_papers
from services.parcel.customs.use_cases.attach_paper import attach_paper
from services.parcel.customs.use_cases.correct_addressee import correct_addressee
from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from services.parcel.customs.use_cases.withdraw_item import withdraw_item
from shared.access.roles import Actor, Role
from shared.contracts.parcel import ParcelChargesSetV1, ParcelContactsV1, ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import TOMBSTONE, Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.customs.desk import INBOUND, PHOTO
from tests.parcel.customs.inbound import ITEM, KEEPER, NOON, STRANGER, TAKER, kept, there, told_ahead
from tests.parcel.customs.use_cases.test_take_in import ahead, by_hand
from tests.parcel.moved import moved

SUPERVISOR = Actor("supervisor", Role.SUPERVISOR, HOME)
LATER = NOON + timedelta(hours=1)
WRONG_NUMBER = WithdrawalReason.WRONG_NUMBER
CHARGES = Charges(12_000, (), "KHR")
PERSONAL = ("ចាន់ ធីតា", "971234567", "Takeo", "Kim Minji", ITEM.link_secret, PHOTO.hex(), "Sophea")


async def withdraw(database: Database, key_ring: KeyRing, actor: Actor = SUPERVISOR) -> InboundItem:
    async with database.transaction() as tx:
        return await withdraw_item(tx, Outbox("parcel", key_ring), actor, INBOUND, WRONG_NUMBER, LATER)


async def with_everything(database: Database, key_ring: KeyRing) -> InboundItem:
    """Let an item be there with papers, charges that are due, and a correction."""
    await there(
        database,
        papers=PapersState.ASKED_FOR,
        papers_wanted="an invoice",
        holding_office=HOME,
        charges=CHARGES,
        payment=Payment.DUE,
    )
    async with database.transaction() as tx:
        await attach_paper(tx, TAKER, INBOUND, HOME, PHOTO, NOON)
        sophea = Addressee("Chan Sophea", "+85511222333")
        return await correct_addressee(tx, Outbox("parcel", key_ring), TAKER, INBOUND, sophea, None, NOON)


async def rows(database: Database) -> str:
    tables = ("inbound_item", "customs_paper", "inbound_correction", "past_inbound_item")
    async with database.connection() as connection:
        found = [row[0] for table in tables for row in await connection.fetch(f"select t::text from {table} t")]
    return "\n".join(found)


async def told_since(database: Database, key_ring: KeyRing, version: int) -> list[object]:
    """Return what went out about the item above a version, in the order in which it did."""
    async with database.connection() as connection:
        buried = await connection.fetch("delete from outbox where type = $1 returning topic, key", TOMBSTONE)
    assert [tuple(row) for row in buried] in ([], [("parcel.contacts", INBOUND)])
    events = await told.events(database, key_ring, INBOUND)
    of_items = [one for one in events if isinstance(one, ParcelErasedV1 | ParcelChargesSetV1 | ParcelContactsV1)]
    return [one for one in of_items if one.version > version]


async def test_what_was_taken_in_is_forgotten_and_everybody_told(parcel_db: Database, key_ring: KeyRing) -> None:
    before = await with_everything(parcel_db, key_ring)

    left = await withdraw(parcel_db, key_ring)

    assert left == await kept(parcel_db)
    assert (left.withdrawn_for, left.version) == (WRONG_NUMBER, before.version + 1)
    assert [personal for personal in PERSONAL if personal in await rows(parcel_db)] == []
    erased, settled = await told_since(parcel_db, key_ring, before.version)
    assert isinstance(erased, ParcelErasedV1)
    assert isinstance(settled, ParcelChargesSetV1)
    assert (erased.version, settled.version, settled.charges) == (left.version, left.version, "paid")


async def test_nothing_is_told_of_charges_where_none_were_due(parcel_db: Database, key_ring: KeyRing) -> None:
    before = await there(parcel_db, charges=CHARGES, payment=Payment.PAID)

    await withdraw(parcel_db, key_ring)

    (only,) = await told_since(parcel_db, key_ring, before.version)
    assert isinstance(only, ParcelErasedV1)


@pytest.mark.parametrize("known_by", ["hand", "post"])
async def test_the_number_is_free_again_for_the_item_that_it_names(
    parcel_db: Database, key_ring: KeyRing, known_by: str
) -> None:
    await by_hand(parcel_db)
    withdrawn = await withdraw(parcel_db, key_ring)
    another = replace(ITEM, addressee=Addressee("Sok Dara", "+85512345678"), received_at=LATER, taken_by=KEEPER.id)
    another = replace(another, taking_office=AWAY)

    taken = (
        await by_hand(parcel_db, another, KEEPER)
        if known_by == "hand"
        else await ahead(parcel_db, actor=KEEPER, office=AWAY)
    )

    assert taken.item == await kept(parcel_db)
    assert (taken.item.taking_office, taken.item.withdrawn_for) == (AWAY, None)
    assert taken.contacts is not None
    assert taken.contacts.version == withdrawn.version + 1, "who forgot the first one by its version hears of this one"
    async with parcel_db.connection() as connection:
        past = await connection.fetchrow(
            "select withdrawn_by, withdrawn_for, withdrawn_at, taken_by from past_inbound_item"
        )
    assert past is not None
    assert tuple(past) == (SUPERVISOR.id, "wrong_number", LATER, TAKER.id)


async def test_what_the_post_told_of_the_number_meanwhile_takes_the_place_of_what_was_typed(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    post_says = told_ahead(addressee={"name": "Sok Dara", "country": "KH", "phone": "012 345 678"})
    await by_hand(parcel_db)
    known = (await ahead(parcel_db, post_says)).item
    assert (known.addressee, known.addressee_by_hand, known.content) == (ITEM.addressee, True, post_says)

    withdrawn = await withdraw(parcel_db, key_ring)

    stands = await kept(parcel_db)
    assert (withdrawn.withdrawn_for, withdrawn.addressee.name, withdrawn.content) == (WRONG_NUMBER, "", None)
    assert (stands.source, stands.content, stands.taking_office) == (Source.ITMATT, post_says, HOME)
    assert (stands.addressee.name, stands.collecting_office, stands.withdrawn_for) == ("Sok Dara", None, None)
    erased, contacts = await told_since(parcel_db, key_ring, known.version)
    assert isinstance(erased, ParcelErasedV1)
    assert isinstance(contacts, ParcelContactsV1)
    assert (contacts.version, contacts.recipient.phone) == (erased.version + 1, "+85512345678")


async def test_what_is_taken_in_as_told_waits_where_the_office_that_told_it_said(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await by_hand(parcel_db, replace(ITEM, collecting_office=HOME))
    known = (await ahead(parcel_db, office=HOME, collecting_office=THIRD)).item
    assert (known.collecting_office, known.told_collecting_office) == (HOME, THIRD)
    await ahead(parcel_db, told_ahead(total_weight_g=950))

    await withdraw(parcel_db, key_ring)

    stands = await kept(parcel_db)
    assert (stands.taking_office, stands.collecting_office) == (HOME, THIRD)
    async with parcel_db.connection() as connection:
        (listed,) = await inbound_lists.newest(connection, InboundFilter(office=THIRD), BEGINNING, 9)
    assert listed.item_number == INBOUND


async def scanned(database: Database, version: int, state: CustomerState, office: str = AWAY) -> None:
    async with database.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, version, state, office=office)])


async def test_the_office_that_holds_the_real_item_keeps_it_when_the_mistaken_one_is_withdrawn(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await by_hand(parcel_db, replace(ITEM, collecting_office=HOME))
    await scanned(parcel_db, 4, CustomerState.AT_CUSTOMS)
    await ahead(parcel_db, actor=KEEPER, office=AWAY)

    await withdraw(parcel_db, key_ring)

    stands = await kept(parcel_db)
    assert (stands.taking_office, stands.holding_office, stands.state) == (AWAY, AWAY, CustomerState.AT_CUSTOMS)
    assert stands.is_seen_by(KEEPER)
    assert not stands.is_seen_by(SUPERVISOR)
    await scanned(parcel_db, 3, CustomerState.ARRIVED, HOME)
    assert await kept(parcel_db) == stands, "older news of the number changes nothing"
    completed = await by_hand(parcel_db, replace(ITEM, taking_office=AWAY, taken_by=KEEPER.id), KEEPER)
    assert (completed.item.state, completed.item.holding_office) == (CustomerState.AT_CUSTOMS, AWAY)


async def test_an_office_that_asked_for_papers_of_the_mistaken_item_does_not_hold_the_real_one(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await by_hand(parcel_db)
    await scanned(parcel_db, 1, CustomerState.AT_CUSTOMS)
    async with parcel_db.transaction() as tx:
        await ask_for_papers(tx, TAKER, INBOUND, HOME, "an invoice")
    await withdraw(parcel_db, key_ring)

    real = await by_hand(parcel_db, replace(ITEM, taking_office=THIRD, received_at=LATER), STRANGER)

    assert real.item == await kept(parcel_db)
    assert (real.item.holding_office, real.item.state, real.item.papers) == (AWAY, CustomerState.AT_CUSTOMS, None)


async def test_what_a_release_before_took_of_the_post_goes_to_the_office_that_holds_it(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await by_hand(parcel_db)
    await scanned(parcel_db, 1, CustomerState.ARRIVED)
    await ahead(parcel_db)
    async with parcel_db.transaction() as tx:
        await tx.execute("update inbound_item set told_office = null")

    await withdraw(parcel_db, key_ring)

    assert (await kept(parcel_db)).taking_office == AWAY


async def test_what_ended_while_its_number_was_free_has_ended_when_it_is_taken_in(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await by_hand(parcel_db)
    await withdraw(parcel_db, key_ring)
    await scanned(parcel_db, 1, CustomerState.DELIVERED)

    taken = await by_hand(parcel_db, replace(ITEM, received_at=LATER))

    assert taken.item.is_over
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select ended_at is not null from inbound_item")


async def test_after_its_time_a_withdrawn_number_names_what_nobody_saw_yet(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await by_hand(parcel_db)
    await scanned(parcel_db, 1, CustomerState.ARRIVED)
    await withdraw(parcel_db, key_ring)

    taken = await by_hand(parcel_db, replace(ITEM, received_at=NOON + timedelta(days=366)))

    assert (taken.item.state, taken.item.holding_office) == (None, None)


async def test_content_that_a_clerk_read_goes_with_the_item(parcel_db: Database, key_ring: KeyRing) -> None:
    await there(parcel_db, content=told_ahead(), content_by_hand=True)

    left = await withdraw(parcel_db, key_ring)

    assert (left.content, left.withdrawn_for) == (None, WRONG_NUMBER)


async def test_what_the_post_alone_told_is_not_withdrawn(parcel_db: Database, key_ring: KeyRing) -> None:
    await ahead(parcel_db)
    completed = (await by_hand(parcel_db)).item

    with pytest.raises(ToldByPost):
        await withdraw(parcel_db, key_ring)

    assert await kept(parcel_db) == completed


@pytest.mark.parametrize("over", ["handed over", "erased", "withdrawn"])
async def test_an_item_that_is_over_is_not_withdrawn(parcel_db: Database, key_ring: KeyRing, over: str) -> None:
    await there(parcel_db)
    async with parcel_db.transaction() as tx:
        if over == "handed over":
            await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.DELIVERED)])
        elif over == "erased":
            await tx.execute("update inbound_item set ended_at = $1", NOON)
            await erase_inbound_people(tx, Outbox("parcel", key_ring), timedelta(0), LATER)
    if over == "withdrawn":
        await withdraw(parcel_db, key_ring)
    before = await rows(parcel_db)

    with pytest.raises(InboundItemOver):
        await withdraw(parcel_db, key_ring)

    assert await rows(parcel_db) == before


async def test_another_office_withdraws_nothing(parcel_db: Database, key_ring: KeyRing) -> None:
    with pytest.raises(InboundItemNotFound):
        await withdraw(parcel_db, key_ring)
    before = await there(parcel_db)

    with pytest.raises(InboundItemNotFound):
        await withdraw(parcel_db, key_ring, replace(STRANGER, role=Role.SUPERVISOR))

    assert await kept(parcel_db) == before

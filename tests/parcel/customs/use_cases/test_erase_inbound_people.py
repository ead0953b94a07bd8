"""The people on items from abroad that ended, or fell silent, long ago are forgotten, with content and papers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.customs.domain.inbound import (
    Addressee,
    AlreadyTakenIn,
    Charges,
    InboundItem,
    InboundItemNotFound,
    PapersState,
    Payment,
)
from services.parcel.customs.domain.inbound_correction import Correction
from services.parcel.customs.domain.paper import NoPapersAskedFor
from services.parcel.customs.domain.silence import lost_after
from services.parcel.customs.store import inbound_corrections, inbound_items, papers, undone_payments
from services.parcel.customs.use_cases.ask_for_papers import ask_for_papers
from services.parcel.customs.use_cases.attach_paper import attach_paper
from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from services.parcel.customs.use_cases.republish_inbound_contacts import republish_inbound_contacts
from services.parcel.customs.use_cases.set_charges import set_charges
from services.parcel.customs.use_cases.take_in_advance_data import take_in_advance_data
from services.parcel.customs.use_cases.take_in_by_hand import take_in_by_hand
from services.parcel.customs.use_cases.undo_payment import undo_payment
from services.parcel.customs.use_cases.withdraw_paper import withdraw_paper
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.contracts.parcel import ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import TOMBSTONE, Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.customs.desk import INBOUND, PHOTO
from tests.parcel.customs.inbound import ITEM, KEEPER, TAKER, kept, there, told_ahead
from tests.parcel.moved import moved

KEPT_FOR = timedelta(days=180)
LOST_AFTER = lost_after(now().astimezone(LOCAL).date())
PERSONAL = ("ចាន់ ធីតា", "971234567", "Takeo", "Kim Minji", "ginseng", ITEM.link_secret, PHOTO.hex(), "Mistyped")


async def erase(database: Database, key_ring: KeyRing) -> int:
    async with database.transaction() as tx:
        return await erase_inbound_people(tx, Outbox("parcel", key_ring), KEPT_FOR, now())


async def with_papers(database: Database) -> InboundItem:
    """Let an item be there of which everything personal is known."""
    item = await there(
        database,
        content=told_ahead(),
        papers=PapersState.ASKED_FOR,
        papers_wanted="an invoice",
        holding_office=HOME,
        charges=Charges(12_000, (), "KHR"),
        payment=Payment.PAID,
    )
    async with database.transaction() as tx:
        await attach_paper(tx, TAKER, INBOUND, HOME, PHOTO, now())
        mistyped = Addressee("Mistyped", "+85511222333")
        await inbound_corrections.add(
            tx, Correction(INBOUND, 2, mistyped, ITEM.addressee, AWAY, AWAY, TAKER.id, HOME, now())
        )
    return item


async def ended(database: Database, ago: timedelta) -> None:
    async with database.connection() as connection:
        await connection.execute("update inbound_item set ended_at = now() - $1::interval", ago)


async def silent(database: Database, since: timedelta) -> None:
    async with database.connection() as connection:
        await connection.execute("update inbound_item set news_at = now() - $1::interval", since)


async def rows(database: Database) -> str:
    async with database.connection() as connection:
        tables = ("inbound_item", "customs_paper", "inbound_correction", "undone_payment")
        found = [row[0] for table in tables for row in await connection.fetch(f"select t::text from {table} t")]
    return "\n".join(found)


async def personal_left(database: Database) -> list[str]:
    left = await rows(database)
    return [personal for personal in PERSONAL if personal in left]


async def test_an_item_that_ended_longer_ago_is_forgotten_and_once(parcel_db: Database, key_ring: KeyRing) -> None:
    await with_papers(parcel_db)
    assert await personal_left(parcel_db) == list(PERSONAL)
    await ended(parcel_db, KEPT_FOR + timedelta(hours=1))

    assert [await erase(parcel_db, key_ring) for _ in range(2)] == [1, 0]

    assert await personal_left(parcel_db) == []
    item = await kept(parcel_db)
    assert (item.charges, item.taking_office) == (Charges(12_000, (), "KHR"), HOME)


@pytest.mark.parametrize("ago", [None, KEPT_FOR - timedelta(hours=1)], ids=["under way", "ended lately"])
async def test_an_item_that_may_still_be_asked_about_is_kept(
    parcel_db: Database, key_ring: KeyRing, ago: timedelta | None
) -> None:
    await with_papers(parcel_db)
    if ago is not None:
        await ended(parcel_db, ago)
    assert await erase(parcel_db, key_ring) == 0
    assert await personal_left(parcel_db) == list(PERSONAL)


async def test_an_item_that_nobody_ever_scanned_is_forgotten_by_its_last_news(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await with_papers(parcel_db)
    await silent(parcel_db, KEPT_FOR + LOST_AFTER - timedelta(hours=1))
    assert await erase(parcel_db, key_ring) == 0
    await silent(parcel_db, KEPT_FOR + LOST_AFTER + timedelta(hours=1))
    assert [await erase(parcel_db, key_ring) for _ in range(2)] == [1, 0]
    assert await personal_left(parcel_db) == []


async def test_an_item_taken_in_and_never_heard_of_again_counts_from_then(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    async with parcel_db.transaction() as tx:
        await inbound_items.add(tx, replace(ITEM, received_at=now() - KEPT_FOR - LOST_AFTER - timedelta(hours=1)))
    assert await erase(parcel_db, key_ring) == 1


@pytest.mark.parametrize("news", ["a scan", "a change"])
async def test_what_is_heard_of_an_item_keeps_its_people_for_another_while(
    parcel_db: Database, key_ring: KeyRing, news: str
) -> None:
    item = await with_papers(parcel_db)
    await silent(parcel_db, KEPT_FOR * 2)
    async with parcel_db.transaction() as tx:
        if news == "a scan":
            await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.IN_TRANSIT)])
        else:
            await inbound_items.change(tx, item)
    assert await erase(parcel_db, key_ring) == 0


async def test_the_end_counts_though_news_came_after_it(parcel_db: Database, key_ring: KeyRing) -> None:
    await with_papers(parcel_db)
    await ended(parcel_db, KEPT_FOR + timedelta(hours=1))
    await silent(parcel_db, timedelta(0))
    assert await erase(parcel_db, key_ring) == 1


async def test_it_is_told_once_and_the_contacts_are_buried(parcel_db: Database, key_ring: KeyRing) -> None:
    item = await with_papers(parcel_db)
    await ended(parcel_db, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)
    async with parcel_db.connection() as connection:
        buried = await connection.fetch("select topic, key, payload from outbox where type = $1", TOMBSTONE)
        await connection.execute("delete from outbox where type = $1", TOMBSTONE)
    assert [tuple(row) for row in buried] == [("parcel.contacts", INBOUND, b"")]
    (erased,) = await told.events(parcel_db, key_ring, INBOUND)
    assert isinstance(erased, ParcelErasedV1)
    assert (erased.item_number, erased.version > item.version) == (INBOUND, True)


async def test_who_was_erased_is_not_told_again_after_a_loss(parcel_db: Database, key_ring: KeyRing) -> None:
    await with_papers(parcel_db)
    await ended(parcel_db, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)
    async with parcel_db.transaction() as tx:
        await tx.execute("delete from outbox")
        await republish_inbound_contacts(tx, Outbox("parcel", key_ring), "")
    assert await told.events(parcel_db, key_ring) == []


async def test_nothing_is_written_on_an_erased_item(parcel_db: Database, key_ring: KeyRing) -> None:
    await with_papers(parcel_db)
    await ended(parcel_db, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)
    before = await rows(parcel_db)
    async with parcel_db.transaction() as tx:
        with pytest.raises(NoPapersAskedFor):
            await attach_paper(tx, TAKER, INBOUND, HOME, PHOTO, now())
        with pytest.raises(InboundItemNotFound):
            await ask_for_papers(tx, TAKER, INBOUND, HOME, "an invoice")
        with pytest.raises(InboundItemNotFound):
            await set_charges(tx, Outbox("parcel"), TAKER, INBOUND, Charges(1, (), "KHR"))
        with pytest.raises(AlreadyTakenIn):
            await take_in_advance_data(tx, TAKER, told_ahead(), HOME, None, now())
        with pytest.raises(AlreadyTakenIn):
            await take_in_by_hand(tx, TAKER, ITEM)
    assert await rows(parcel_db) == before


async def test_why_papers_and_payments_were_taken_back_is_forgotten_and_who_did_it_stays(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await with_papers(parcel_db)
    supervisor = replace(KEEPER, role=Role.SUPERVISOR)
    async with parcel_db.transaction() as tx:
        (paper,) = await papers.of_item(tx, INBOUND)
        await withdraw_paper(tx, TAKER, INBOUND, paper.paper_id, "that of ចាន់ ធីតា", now())
        await undo_payment(tx, Outbox("parcel"), supervisor, INBOUND, "paid by ចាន់ ធីតា", now())
    await ended(parcel_db, KEPT_FOR + timedelta(hours=1))
    assert "ចាន់ ធីតា" in await rows(parcel_db)

    assert await erase(parcel_db, key_ring) == 1

    assert await personal_left(parcel_db) == []
    async with parcel_db.connection() as connection:
        undone = await undone_payments.of_item(connection, INBOUND)
    assert [(one.undone_by, one.reason) for one in undone] == [(supervisor.id, "")]

"""What tracking must know of items at the border is told again from current rows, in portions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.customs.domain.inbound import Charges, Payment, WithdrawalReason
from services.parcel.customs.store import declarations, inbound_items
from services.parcel.customs.use_cases import republish_advance_data as advance_data_module
from services.parcel.customs.use_cases.correct_addressee import correct_addressee
from services.parcel.customs.use_cases.republish_advance_data import republish_advance_data
from services.parcel.customs.use_cases.republish_charges import republish_charges
from services.parcel.customs.use_cases.republish_inbound_contacts import republish_inbound_contacts
from services.parcel.customs.use_cases.withdraw_item import withdraw_item
from shared.access.roles import Role
from shared.contracts.envelope import Event
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1, ParcelChargesSetV1, ParcelContactsV1
from shared.db.connection import Database
from shared.messaging.outbox import TOMBSTONE, Outbox
from shared.s10 import ItemNumber
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.customs.declarations import DECLARATION
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import ITEM, NOON, TAKER, there
from tests.parcel.customs.use_cases.test_take_in import by_hand

CHARGES = Charges(12_000, (), "KHR")


def said(event: Event) -> tuple[str, int, str, int | None]:
    """Return what an event says of charges."""
    assert isinstance(event, ParcelChargesSetV1)
    return event.item_number, event.version, event.charges, event.amount_minor


@pytest.mark.parametrize("payment", Payment)
async def test_charges_are_told_as_they_stand(parcel_db: Database, key_ring: KeyRing, payment: Payment) -> None:
    item = await there(parcel_db, charges=CHARGES, payment=payment)
    async with parcel_db.transaction() as tx:
        assert await republish_charges(tx, Outbox("parcel"), "") is None

    (event,) = await told.events(parcel_db, key_ring)
    assert isinstance(event, ParcelChargesSetV1)
    assert (event.item_number, event.version, event.charges) == (item.item_number, item.version, payment.value)


async def test_what_was_charged_on_an_item_that_had_the_number_before_is_told_to_be_due_no_more(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.DUE)
    taken = await by_hand(parcel_db, replace(ITEM, received_at=NOON + timedelta(days=366)))
    assert taken.charges is not None
    async with parcel_db.transaction() as tx:
        await republish_charges(tx, Outbox("parcel"), "")

    (event,) = await told.events(parcel_db, key_ring)
    assert said(event) == said(taken.charges) == (INBOUND, taken.item.version, "paid", None)


async def test_that_nothing_is_due_on_a_withdrawn_item_is_told_as_it_was(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.DUE)
    supervisor = replace(TAKER, role=Role.SUPERVISOR)
    box = Outbox("parcel", key_ring)
    async with parcel_db.transaction() as tx:
        left = await withdraw_item(tx, box, supervisor, INBOUND, WithdrawalReason.WRONG_NUMBER, NOON)
        await tx.execute("delete from outbox where type = $1", TOMBSTONE)
        await republish_charges(tx, box, "")

    first, again = [one for one in await told.events(parcel_db, key_ring) if isinstance(one, ParcelChargesSetV1)]
    assert said(first) == said(again) == (INBOUND, left.version, "paid", None)


async def test_nothing_to_pay_is_told_as_it_was(parcel_db: Database, key_ring: KeyRing) -> None:
    item = await there(parcel_db, charges=Charges(0, (), "KHR"), payment=Payment.PAID)
    async with parcel_db.transaction() as tx:
        await republish_charges(tx, Outbox("parcel"), "")

    (event,) = await told.events(parcel_db, key_ring)
    assert said(event) == (INBOUND, item.version, "paid", 0)


async def test_that_a_phone_was_taken_away_is_told_again_and_of_whom_nobody_was_told_nothing_is(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    box, unreached = Outbox("parcel", key_ring), replace(ITEM.addressee, phone=None)
    never = replace(ITEM, item_number="CP123456771KR", addressee=unreached)
    await there(parcel_db)
    async with parcel_db.transaction() as tx:
        await inbound_items.add(tx, never)
        corrected = await correct_addressee(tx, box, TAKER, INBOUND, unreached, None, NOON)
        await tx.execute("delete from outbox")
        await republish_inbound_contacts(tx, box, "")

    (event,) = await told.events(parcel_db, key_ring)
    assert isinstance(event, ParcelContactsV1)
    assert (event.item_number, event.version, event.recipient.phone) == (INBOUND, corrected.version, "")


async def test_an_item_without_charges_or_without_people_is_passed_over(parcel_db: Database, key_ring: KeyRing) -> None:
    async with parcel_db.transaction() as tx:
        await inbound_items.add(tx, ITEM)
        await republish_charges(tx, Outbox("parcel"), "")
        await inbound_items.erase_people(tx, NOON.replace(year=2199), NOON.replace(year=2199), NOON, 9)
        await republish_charges(tx, Outbox("parcel"), "")
    assert await told.events(parcel_db, key_ring) == []


async def test_completed_advance_data_are_told_portion_by_portion_and_others_are_not(
    parcel_db: Database, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advance_data_module, "PORTION", 2)
    items = [str(ItemNumber("CP", serial, "KH")) for serial in range(4)]
    async with parcel_db.transaction() as tx:
        for number in items:
            await declarations.keep(tx, number, DECLARATION, "clerk", NOON)
        for number in items[:3]:
            await declarations.complete(tx, number, NOON)
        after = [await republish_advance_data(tx, Outbox("parcel"), "")]
        after.append(await republish_advance_data(tx, Outbox("parcel"), after[0] or ""))

    assert after == [items[1], None]
    events = await told.events(parcel_db, key_ring)
    assert [event.key for event in events] == items[:3]
    assert {event.completed_at for event in events if isinstance(event, ParcelAdvanceDataCompletedV1)} == {NOON}

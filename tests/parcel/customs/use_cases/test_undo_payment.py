"""A payment marked by mistake is taken back, with a reason, until the item is handed over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.parcel.customs.domain.inbound import (
    ENDED,
    Charges,
    InboundItem,
    InboundItemNotFound,
    NothingCharged,
    Payment,
)
from services.parcel.customs.domain.undone_payment import HandedOver, UndonePayment
from services.parcel.customs.store import inbound_items
from services.parcel.customs.store.inbound_items import InboundMovement
from services.parcel.customs.use_cases.find_inbound_item import find_inbound_item
from services.parcel.customs.use_cases.undo_payment import undo_payment
from shared.access.roles import Actor, Role
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import ITEM, KEEPER, NOON, STRANGER, TAKER, kept, there
from tests.parcel.customs.use_cases.test_charges import CHARGES, NOTHING, settle, told
from tests.parcel.customs.use_cases.test_take_in import by_hand

SUPERVISOR = replace(KEEPER, id="supervisor", role=Role.SUPERVISOR)


async def undo(database: Database, actor: Actor = SUPERVISOR, minutes: int = 0) -> InboundItem:
    async with database.transaction() as tx:
        at = NOON + timedelta(minutes=minutes)
        return await undo_payment(tx, Outbox("parcel"), actor, INBOUND, "Marked on the wrong item", at)


async def moved(database: Database, state: CustomerState) -> None:
    async with database.transaction() as tx:
        await inbound_items.follow(tx, [InboundMovement(INBOUND, 1, 1, state, KEEPER.office)])


async def on_record(database: Database) -> list[UndonePayment]:
    async with database.connection() as connection:
        return (await find_inbound_item(connection, SUPERVISOR, INBOUND)).undone_payments


async def test_charges_are_due_again_and_may_be_paid_again(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.DUE)
    paid = await settle(parcel_db)

    due = await undo(parcel_db)

    assert due == replace(paid, payment=Payment.DUE, version=paid.version + 1) == await kept(parcel_db)
    again = await settle(parcel_db)
    assert await told(parcel_db) == [(paid.version, "paid"), (due.version, "due"), (again.version, "paid")]
    assert await on_record(parcel_db) == [UndonePayment("supervisor", NOON, "Marked on the wrong item")]


async def test_what_is_due_already_stays_so(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.PAID)

    assert await undo(parcel_db) == await undo(parcel_db, minutes=5)

    assert len(await told(parcel_db)) == 1
    assert len(await on_record(parcel_db)) == 1


async def test_who_took_a_payment_back_stays_on_record_when_the_number_names_another_item(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.PAID)
    await undo(parcel_db, minutes=5)

    await by_hand(parcel_db, replace(ITEM, received_at=NOON + timedelta(days=366)))

    assert await on_record(parcel_db) == [], "the other item was never paid"
    async with parcel_db.connection() as connection:
        past = await connection.fetch("select * from past_undone_payment")
    assert [tuple(row) for row in past] == [(INBOUND, NOON, NOON + timedelta(minutes=5), "supervisor")]


@pytest.mark.parametrize("state", sorted(ENDED))
async def test_after_its_end_the_charges_of_an_item_stay_paid(parcel_db: Database, state: CustomerState) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.PAID)
    await moved(parcel_db, state)

    with pytest.raises(HandedOver):
        await undo(parcel_db)

    assert (await kept(parcel_db)).payment is Payment.PAID
    assert (await told(parcel_db), await on_record(parcel_db)) == ([], [])


async def test_an_item_that_waits_may_be_unpaid_again(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.PAID)
    await moved(parcel_db, CustomerState.READY_FOR_COLLECTION)

    assert (await undo(parcel_db)).payment is Payment.DUE


@pytest.mark.parametrize("charges", [None, NOTHING], ids=["never charged", "nothing to pay"])
async def test_without_charges_there_is_no_payment_to_take_back(parcel_db: Database, charges: Charges | None) -> None:
    await there(parcel_db, charges=charges, payment=Payment.PAID if charges else None)

    with pytest.raises(NothingCharged):
        await undo(parcel_db)


@pytest.mark.parametrize("actor", [TAKER, STRANGER])
async def test_only_the_office_that_takes_the_money_takes_it_back(parcel_db: Database, actor: Actor) -> None:
    with pytest.raises(InboundItemNotFound):
        await undo(parcel_db)
    await there(parcel_db, charges=CHARGES, payment=Payment.PAID)

    with pytest.raises(InboundItemNotFound):
        await undo(parcel_db, replace(actor, role=Role.SUPERVISOR))
    assert (await kept(parcel_db)).payment is Payment.PAID

"""Charges are set until they are paid, and paid once, where the item is handed over."""

from dataclasses import replace

import pytest

from services.parcel.customs.domain.inbound import (
    Charges,
    ChargesLowered,
    ChargesPaid,
    Fee,
    InboundItem,
    InboundItemNotFound,
    NothingCharged,
    Payment,
)
from services.parcel.customs.use_cases.set_charges import set_charges
from services.parcel.customs.use_cases.settle_charges import settle_charges
from shared.access.roles import Actor, Role
from shared.contracts.parcel import ParcelChargesSetV1
from shared.db.connection import Database
from shared.messaging import outbox
from shared.messaging.outbox import Outbox
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import KEEPER, STRANGER, TAKER, kept, there

CHARGES = Charges(12_000, (Fee("handling", 4_000),), "KHR")
NOTHING = Charges(0, (), "KHR")


async def charge(database: Database, charges: Charges = CHARGES, actor: Actor = TAKER) -> InboundItem:
    async with database.transaction() as tx:
        return await set_charges(tx, Outbox("parcel"), actor, INBOUND, charges)


async def settle(database: Database, actor: Actor = KEEPER) -> InboundItem:
    async with database.transaction() as tx:
        return await settle_charges(tx, Outbox("parcel"), actor, INBOUND)


async def told(database: Database) -> list[tuple[int, str]]:
    """Return version and charges of each event, in the order in which they go out."""
    async with database.connection() as tx:
        rows = [unsent.row for unsent in await outbox.unsent(tx, 0, 100)]
    events = [ParcelChargesSetV1.model_validate_json(row.payload) for row in rows]
    assert {event.item_number for event in events} <= {INBOUND}
    return [(event.version, event.charges) for event in events]


async def test_charges_are_due_until_they_are_paid(parcel_db: Database) -> None:
    before = await there(parcel_db)

    charged = await charge(parcel_db)
    paid = await settle(parcel_db)

    assert charged == replace(before, charges=CHARGES, payment=Payment.DUE, version=before.version + 1)
    assert paid == replace(charged, payment=Payment.PAID, version=charged.version + 1) == await kept(parcel_db)


async def test_the_same_again_changes_nothing(parcel_db: Database) -> None:
    await there(parcel_db)
    charged = await charge(parcel_db)

    assert await charge(parcel_db) == charged
    paid = await settle(parcel_db)
    assert await settle(parcel_db) == paid
    assert await charge(parcel_db) == paid
    assert await told(parcel_db) == [(charged.version, "due"), (paid.version, "paid")]


async def test_charges_change_while_they_are_due(parcel_db: Database) -> None:
    await there(parcel_db)
    await charge(parcel_db)

    changed = await charge(parcel_db, replace(CHARGES, duty_minor=15_000))

    assert changed.charges is not None
    assert (changed.charges.total_minor, changed.payment) == (19_000, Payment.DUE)


@pytest.mark.parametrize("lower", [replace(CHARGES, duty_minor=11_999), NOTHING, replace(CHARGES, currency="USD")])
async def test_charges_that_are_due_are_lowered_by_a_supervisor_alone(parcel_db: Database, lower: Charges) -> None:
    await there(parcel_db)
    due = await charge(parcel_db)

    for actor in (TAKER, KEEPER):
        with pytest.raises(ChargesLowered):
            await charge(parcel_db, lower, actor)

    assert await kept(parcel_db) == due
    assert (await charge(parcel_db, lower, replace(KEEPER, role=Role.SUPERVISOR))).charges == lower


async def test_charges_that_are_paid_change_no_more(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.PAID)

    with pytest.raises(ChargesPaid):
        await charge(parcel_db, NOTHING)
    assert await told(parcel_db) == []


async def test_nothing_to_pay_is_paid_and_may_still_become_something(parcel_db: Database) -> None:
    await there(parcel_db)

    assert (await charge(parcel_db, NOTHING)).payment is Payment.PAID
    assert (await charge(parcel_db)).payment is Payment.DUE
    assert [charges for _, charges in await told(parcel_db)] == ["paid", "due"]


async def test_charges_are_paid_where_the_item_turned_out_to_lie(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.DUE, holding_office=STRANGER.office)

    assert (await settle(parcel_db, STRANGER)).payment is Payment.PAID


async def test_what_was_not_charged_is_not_paid(parcel_db: Database) -> None:
    await there(parcel_db)

    item = await kept(parcel_db)
    with pytest.raises(NothingCharged):
        await settle(parcel_db)
    with pytest.raises(NothingCharged):
        item.charges_set()


async def test_only_the_office_that_hands_an_item_over_takes_the_money(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.DUE)

    for actor in (TAKER, STRANGER):
        with pytest.raises(InboundItemNotFound):
            await settle(parcel_db, actor)


async def test_the_taking_office_is_paid_while_no_other_is_named(parcel_db: Database) -> None:
    await there(parcel_db, charges=CHARGES, payment=Payment.DUE, collecting_office=None)

    assert (await settle(parcel_db, TAKER)).payment is Payment.PAID


async def test_an_item_that_is_not_there_or_not_ones_own_is_not_found(parcel_db: Database) -> None:
    with pytest.raises(InboundItemNotFound):
        await charge(parcel_db)
    with pytest.raises(InboundItemNotFound):
        await settle(parcel_db)
    await there(parcel_db)
    with pytest.raises(InboundItemNotFound):
        await charge(parcel_db, actor=STRANGER)

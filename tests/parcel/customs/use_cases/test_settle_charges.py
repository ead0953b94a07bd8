"""Charges are paid once, at whichever of the counters that may take them comes first."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from services.parcel.customs.domain.inbound import Charges, Fee, InboundItem, Payment
from services.parcel.customs.use_cases.settle_charges import settle_charges
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelChargesSetV1
from shared.db.connection import Database
from shared.messaging import outbox
from shared.messaging.outbox import Outbox
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import KEEPER, STRANGER, kept, there
from tests.parcel.pricing.waiting import until_somebody_waits

CHARGES = Charges(12_000, (Fee("handling", 4_000),), "KHR")
COLLECTING, HOLDING = KEEPER, STRANGER
"""The counter where the item is to wait, and the one where it turned out to lie: both may take the money."""


async def settle(database: Database, actor: Actor) -> InboundItem:
    async with database.transaction() as tx:
        return await settle_charges(tx, Outbox("parcel"), actor, INBOUND)


@pytest.mark.parametrize(
    ("first", "second"), [(COLLECTING, HOLDING), (HOLDING, COLLECTING)], ids=lambda one: one.office
)
async def test_of_two_counters_that_take_the_money_at_once_one_does_and_the_other_is_shown_that_it_is_paid(
    parcel_db: Database, first: Actor, second: Actor
) -> None:
    due = await there(parcel_db, charges=CHARGES, payment=Payment.DUE, holding_office=HOLDING.office)
    async with parcel_db.transaction() as tx:
        paid = await settle_charges(tx, Outbox("parcel"), first, INBOUND)
        late = asyncio.create_task(settle(parcel_db, second))
        await until_somebody_waits(parcel_db)

    assert await late == paid == replace(due, payment=Payment.PAID, version=due.version + 1) == await kept(parcel_db)
    async with parcel_db.connection() as connection:
        rows = [unsent.row for unsent in await outbox.unsent(connection, 0, 100)]
    (told,) = [ParcelChargesSetV1.model_validate_json(row.payload) for row in rows]
    assert (told.item_number, told.version, told.charges) == (INBOUND, paid.version, "paid")


async def test_where_the_first_gives_up_the_other_takes_the_money(parcel_db: Database) -> None:
    due = await there(parcel_db, charges=CHARGES, payment=Payment.DUE, holding_office=HOLDING.office)

    class PowerCut(Exception):
        pass

    with suppress(PowerCut):
        async with parcel_db.transaction() as tx:
            await settle_charges(tx, Outbox("parcel"), COLLECTING, INBOUND)
            late = asyncio.create_task(settle(parcel_db, HOLDING))
            await until_somebody_waits(parcel_db)
            raise PowerCut

    assert (await late).version == due.version + 1
    assert (await kept(parcel_db)).payment is Payment.PAID

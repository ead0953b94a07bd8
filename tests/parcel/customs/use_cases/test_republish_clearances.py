"""What tracking must know of items at the border is told again from current rows, in portions."""

import pytest

from services.parcel.customs.domain.inbound import Charges, Payment
from services.parcel.customs.store import declarations, inbound_items
from services.parcel.customs.use_cases import republish_advance_data as advance_data_module
from services.parcel.customs.use_cases.republish_advance_data import republish_advance_data
from services.parcel.customs.use_cases.republish_charges import republish_charges
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1, ParcelChargesSetV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.customs.declarations import DECLARATION
from tests.parcel.customs.inbound import ITEM, NOON, there

CHARGES = Charges(12_000, (), "KHR")


@pytest.mark.parametrize("payment", Payment)
async def test_charges_are_told_as_they_stand(parcel_db: Database, key_ring: KeyRing, payment: Payment) -> None:
    item = await there(parcel_db, charges=CHARGES, payment=payment)
    async with parcel_db.transaction() as tx:
        assert await republish_charges(tx, Outbox("parcel"), "") is None

    (event,) = await told.events(parcel_db, key_ring)
    assert isinstance(event, ParcelChargesSetV1)
    assert (event.item_number, event.version, event.charges) == (item.item_number, item.version, payment.value)


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

"""What is due on an item from abroad stands in its addressee's messages, as it is when they are written."""

from itertools import permutations

import pytest

from services.notifications.entrypoints.consumers import HANDLERS
from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.remember_charges import remember_charges
from shared.contracts.parcel import ParcelChargesSetV1, ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.notifications.samples import NOON, NUMBER, claim, prepare

DUE = ParcelChargesSetV1(item_number=NUMBER, version=2, charges="due", amount_minor=16_000, currency="KHR")
PAID = ParcelChargesSetV1(item_number=NUMBER, version=3, charges="paid", amount_minor=16_000, currency="KHR")
DUE_AGAIN = ParcelChargesSetV1(item_number=NUMBER, version=4, charges="due", amount_minor=1_250, currency="USD")
OLD = ParcelChargesSetV1(item_number=NUMBER, version=5, charges="due")


async def hear(database: Database, *told: ParcelChargesSetV1) -> None:
    for event in told:
        async with database.transaction() as tx:
            await HANDLERS[ParcelChargesSetV1](tx, [event])


async def text(database: Database) -> str:
    """Return what the addressee of an item that waits is told."""
    await prepare(database, CustomerState.READY_FOR_COLLECTION)
    (written,) = await claim(database)
    return written.outgoing.body


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((), None),
        ((DUE,), "To pay there: 16,000 riel."),
        ((DUE, PAID), None),
        ((DUE, PAID, DUE_AGAIN), "To pay there: $12.50."),
        ((DUE, OLD), None),
    ],
    ids=["never charged", "due", "paid", "a payment undone", "a release that told no amount"],
)
async def test_a_message_says_what_is_due_when_it_is_written(
    notifications_db: Database, told: tuple[ParcelChargesSetV1, ...], said: str | None
) -> None:
    await hear(notifications_db, *told)

    found = await text(notifications_db)

    assert said in found if said else "To pay" not in found


@pytest.mark.parametrize("told", list(permutations([DUE, PAID, DUE_AGAIN])))
async def test_the_highest_version_counts_in_whatever_order_they_are_heard(
    notifications_db: Database, told: tuple[ParcelChargesSetV1, ...]
) -> None:
    await hear(notifications_db, *told)

    assert "To pay there: $12.50." in await text(notifications_db)


async def test_those_of_one_batch_are_taken_together(notifications_db: Database) -> None:
    async with notifications_db.transaction() as tx:
        await remember_charges(tx, [DUE_AGAIN, DUE, PAID])

    assert "To pay there: $12.50." in await text(notifications_db)


@pytest.mark.parametrize(("erased_at", "left"), [(3, 1), (4, 0), (5, 0)])
async def test_charges_go_with_the_people_and_those_of_a_later_item_stay(
    notifications_db: Database, erased_at: int, left: int
) -> None:
    await hear(notifications_db, DUE_AGAIN)
    async with notifications_db.transaction() as tx:
        await forget_contacts(tx, [ParcelErasedV1(item_number=NUMBER, version=erased_at, erased_at=NOON)])
        assert await tx.fetchval("select count(*) from charges") == left

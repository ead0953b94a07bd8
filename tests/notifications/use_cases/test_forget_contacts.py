"""People are forgotten when parcel says so, and stay so; who has their number after them is another person."""

import pytest

from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.remember_contacts import remember_contacts
from shared.contracts.parcel import ParcelContactsV1, ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.notifications.samples import NOON, NUMBER, contacts, moved, number, states

OTHER = number(1)
READY = ("ready_for_collection", "recipient")
ERASED_AT = 4
"""The version at which the people on the first parcel of the number were forgotten."""
NEXT = contacts(version=ERASED_AT + 1, phone="+85577000005")
"""Of the item that comes under the number after it; its versions go on."""


async def known(database: Database) -> list[str]:
    async with database.connection() as tx:
        records = await tx.fetch("select distinct item_number from contact order by 1")
    return [record["item_number"] for record in records]


async def phones(database: Database) -> set[str]:
    async with database.connection() as tx:
        records = await tx.fetch("select phone from contact where item_number = $1 and audience = 'recipient'", NUMBER)
    return {record["phone"] for record in records}


async def remember(database: Database, *told: ParcelContactsV1) -> None:
    async with database.transaction() as tx:
        await remember_contacts(tx, told, NOON)


async def forget(database: Database, *versions: int) -> None:
    async with database.transaction() as tx:
        await forget_contacts(
            tx, [ParcelErasedV1(item_number=NUMBER, version=version, erased_at=NOON) for version in versions]
        )


async def test_who_was_forgotten_stays_so_though_contacts_are_told_again(notifications_database: Database) -> None:
    await remember(notifications_database, contacts(), contacts(item_number=OTHER))
    assert len(await known(notifications_database)) == 2

    for _ in range(2):
        await forget(notifications_database, ERASED_AT)
    assert await known(notifications_database) == [OTHER]

    for version in range(1, ERASED_AT + 1):
        await remember(notifications_database, contacts(version=version))
    assert await known(notifications_database) == [OTHER]


async def test_a_number_that_comes_again_is_told_to_its_new_addressee(notifications_database: Database) -> None:
    await remember(notifications_database, contacts())
    await forget(notifications_database, ERASED_AT)
    async with notifications_database.transaction() as tx:
        await decide_messages(tx, [moved(CustomerState.READY_FOR_COLLECTION)], NOON)

    await remember(notifications_database, NEXT)

    assert await phones(notifications_database) == {"+85577000005"}
    assert (await states(notifications_database))[READY] == "queued"


@pytest.mark.parametrize("late", ["the erasure", "contacts"])
async def test_what_comes_late_of_the_first_item_leaves_the_new_addressee(
    notifications_database: Database, late: str
) -> None:
    await forget(notifications_database, ERASED_AT)
    await remember(notifications_database, NEXT)

    if late == "the erasure":
        await forget(notifications_database, ERASED_AT)
    else:
        await remember(notifications_database, contacts(version=ERASED_AT))

    assert await phones(notifications_database) == {"+85577000005"}


async def test_the_new_addressee_is_forgotten_in_turn(notifications_database: Database) -> None:
    await remember(notifications_database, NEXT)
    # Told in any order, the later erasure counts.
    await forget(notifications_database, NEXT.version + 1, ERASED_AT)
    await forget(notifications_database, ERASED_AT)

    await remember(notifications_database, NEXT)

    assert await known(notifications_database) == []


async def test_of_whom_an_earlier_release_forgot_no_contacts_are_taken(notifications_database: Database) -> None:
    async with notifications_database.connection() as tx:
        await tx.execute("insert into erased_parcel (item_number, erased_at) values ($1, now())", NUMBER)

    await remember(notifications_database, NEXT)

    assert await known(notifications_database) == []

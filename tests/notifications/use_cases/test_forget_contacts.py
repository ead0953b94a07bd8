"""People are forgotten when parcel says so, and stay so."""

from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.remember_contacts import remember_contacts
from shared.contracts.parcel import ParcelErasedV1
from shared.db.connection import Database
from tests.notifications.samples import NOON, NUMBER, contacts, number


async def known(database: Database) -> list[str]:
    async with database.connection() as tx:
        records = await tx.fetch("select distinct item_number from contact order by 1")
    return [record["item_number"] for record in records]


async def test_who_was_forgotten_stays_so_though_contacts_are_told_again(notifications_database: Database) -> None:
    other = number(1)
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(), contacts(item_number=other)], NOON)
    assert len(await known(notifications_database)) == 2

    async with notifications_database.transaction() as tx:
        await forget_contacts(tx, [ParcelErasedV1(item_number=NUMBER, version=2, erased_at=NOON)])
        await forget_contacts(tx, [ParcelErasedV1(item_number=NUMBER, version=2, erased_at=NOON)])
    assert await known(notifications_database) == [other]

    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(version=9)], NOON)
    assert await known(notifications_database) == [other]

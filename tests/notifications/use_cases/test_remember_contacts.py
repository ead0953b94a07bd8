"""Whom to tell about a parcel."""

from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.remember_contacts import remember_contacts
from shared.contracts.parcel import ParcelContactsV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.notifications.samples import NOON, NUMBER, contacts, moved, number, states

READY = ("ready_for_collection", "recipient")


async def phone_of_recipient(database: Database, item_number: str = NUMBER) -> str:
    async with database.connection() as tx:
        phone = await tx.fetchval(
            "select phone from contact where item_number = $1 and audience = 'recipient'", item_number
        )
    return str(phone)


async def remember(database: Database, *told: ParcelContactsV1) -> None:
    async with database.transaction() as tx:
        await remember_contacts(tx, told, NOON)


async def test_a_newer_version_replaces_the_contact(notifications_database: Database) -> None:
    await remember(notifications_database, contacts())
    await remember(notifications_database, contacts(version=2, phone="+85577000002"))
    assert await phone_of_recipient(notifications_database) == "+85577000002"


async def test_an_older_version_that_comes_late_is_dropped(notifications_database: Database) -> None:
    await remember(notifications_database, contacts(version=2, phone="+85577000002"))
    await remember(notifications_database, contacts(version=1))
    assert await phone_of_recipient(notifications_database) == "+85577000002"


async def test_two_versions_in_one_batch_leave_the_newest(notifications_database: Database) -> None:
    await remember(notifications_database, contacts(version=3, phone="+85577000003"), contacts(version=2))
    assert await phone_of_recipient(notifications_database) == "+85577000003"


async def test_contacts_let_go_what_waited_for_them_and_nothing_else(notifications_database: Database) -> None:
    other = number(1)
    async with notifications_database.transaction() as tx:
        await decide_messages(
            tx, [moved(CustomerState.READY_FOR_COLLECTION), moved(CustomerState.READY_FOR_COLLECTION, other)], NOON
        )
    await remember(notifications_database, contacts())
    assert (await states(notifications_database))[READY] == "queued"
    assert (await states(notifications_database, other))[READY] == "waiting_contact"

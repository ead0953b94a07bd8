"""Where a parcel will wait."""

from services.notifications.use_cases.remember_parcels import remember_parcels
from shared.db.connection import Database
from tests.notifications.samples import NUMBER, registered


async def test_the_newest_word_on_the_collecting_office_stays(notifications_database: Database) -> None:
    async with notifications_database.transaction() as tx:
        await remember_parcels(tx, [registered(version=2, collecting_office="TK01"), registered(version=1)])
    async with notifications_database.transaction() as tx:
        await remember_parcels(tx, [registered(version=1)])
        office = await tx.fetchval("select collecting_office from parcel where item_number = $1", NUMBER)
    assert office == "TK01"


async def test_the_newest_word_on_the_door_stays(notifications_database: Database) -> None:
    told = []
    async with notifications_database.transaction() as tx:
        for version, door_delivery in ((1, False), (2, True), (1, False)):
            await remember_parcels(tx, [registered(version=version, door_delivery=door_delivery)])
            told.append(await tx.fetchval("select door_delivery from parcel where item_number = $1", NUMBER))
    assert told == [False, True, True]

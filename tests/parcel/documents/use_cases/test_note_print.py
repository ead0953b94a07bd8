"""Prints on record: numbered by paper, whoever prints at the same moment."""

import asyncio

from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.store import prints
from services.parcel.documents.use_cases.note_print import note_print
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.db.connection import Database
from tests.parcel.bodies import HOME

CLERK = Actor("clerk", Role.CLERK, HOME)
AUDITOR = Actor("auditor", Role.AUDITOR, None)
NUMBER, OTHER = "PD100000051KH", "PD100000065KH"


async def note(parcel_db: Database, number: str = NUMBER, kind: Kind = Kind.RECEIPT, actor: Actor = CLERK) -> int:
    async with parcel_db.transaction() as tx:
        return await note_print(tx, actor, number, kind, now())


async def test_each_paper_of_each_parcel_is_numbered_from_one(parcel_db: Database) -> None:
    assert [await note(parcel_db) for _ in range(3)] == [1, 2, 3]
    assert await note(parcel_db, kind=Kind.LABEL) == 1
    assert await note(parcel_db, OTHER) == 1


async def test_many_at_the_same_moment_get_one_number_each(parcel_db: Database) -> None:
    assert sorted(await asyncio.gather(*(note(parcel_db) for _ in range(8)))) == list(range(1, 9))


async def test_a_print_that_is_refused_after_all_leaves_its_number_free(parcel_db: Database) -> None:
    async with parcel_db.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        assert await note_print(connection, CLERK, NUMBER, Kind.LABEL, now()) == 1
        await transaction.rollback()

    assert await note(parcel_db, kind=Kind.LABEL) == 1
    async with parcel_db.connection() as connection:
        assert [one.kind for one in await prints.of_item(connection, NUMBER, None, 10)] == [Kind.LABEL]


async def test_an_auditor_is_shown_the_last_print_and_makes_none(parcel_db: Database) -> None:
    looks = [await note(parcel_db, actor=AUDITOR)]
    for _ in range(2):
        await note(parcel_db)
        looks.append(await note(parcel_db, actor=AUDITOR))

    assert looks == [1, 1, 2]
    async with parcel_db.connection() as connection:
        assert [one.print_no for one in await prints.of_item(connection, NUMBER, None, 10)] == [2, 1]

"""A declaration is kept, corrected and completed: each is told ahead once, until the item is closed into a dispatch."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.parcel.customs.domain.declaration import (
    Declaration,
    DeclarationClosed,
    DeclarationNotFound,
    DeclarationOver,
    Declared,
)
from services.parcel.customs.domain.dispatches import CLOSED
from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.customs.use_cases.complete_advance_data import complete_advance_data
from services.parcel.customs.use_cases.declare_content import declare_content
from services.parcel.customs.use_cases.find_declaration import find_declaration
from services.parcel.customs.use_cases.note_closed_items import note_closed_items
from shared.access.roles import Actor, OtherOffice, Role
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.errors import Invalid
from shared.messaging.outbox import Outbox
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.customs.declarations import DECLARATION, LINE, NUMBER, POSTED, declared
from tests.parcel.moved import moved

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
CLERK = Actor("clerk", Role.CLERK, HOME)
FULL = declared(
    replace(LINE, hs_code="6109100010", goods="t-shirt-cotton"),
    sender_reference="K001",
    importer_reference="KR-1",
    licence_number="L-1",
    certificate_number="C-1",
    invoice_number="I-1",
    comments="none",
    explanation="present",
)


async def declare(
    database: Database, declaration: Declaration = DECLARATION, at: datetime = NOON, actor: Actor = CLERK
) -> Declared:
    async with database.transaction() as tx:
        return await declare_content(tx, actor, POSTED, declaration, at)


async def complete(
    database: Database, item: PostedItem = POSTED, at: datetime = NOON
) -> tuple[str, int, datetime] | None:
    async with database.transaction() as tx:
        event = await complete_advance_data(tx, Outbox("parcel"), item, at)
    return (event.item_number, event.declaration_version, event.completed_at) if event else None


async def kept(database: Database) -> Declared:
    async with database.connection() as connection:
        return await find_declaration(connection, NUMBER)


async def test_every_element_of_a_declaration_is_kept(parcel_db: Database) -> None:
    declared_now = await declare(parcel_db, FULL)

    assert declared_now == await kept(parcel_db)
    assert declared_now == Declared(NUMBER, FULL, 1, None, "clerk", NOON, NOON)


async def test_the_same_declaration_again_changes_nothing(parcel_db: Database) -> None:
    first = await declare(parcel_db)

    assert await declare(parcel_db, at=LATER, actor=Actor("other", Role.SUPERVISOR, HOME)) == first


async def test_a_correction_grows_the_version_and_keeps_the_first_day(parcel_db: Database) -> None:
    await declare(parcel_db)

    corrected = await declare(parcel_db, FULL, LATER)

    assert (corrected.declaration, corrected.version) == (FULL, 2)
    assert (corrected.declared_at, corrected.updated_at) == (NOON, LATER)


async def test_a_refused_correction_leaves_the_declaration_as_it_was(parcel_db: Database) -> None:
    first = await declare(parcel_db)

    with pytest.raises(Invalid):
        await declare(parcel_db, declared(replace(LINE, description="gift")))

    assert await kept(parcel_db) == first


async def test_only_the_office_of_posting_declares(parcel_db: Database) -> None:
    with pytest.raises(OtherOffice):
        await declare(parcel_db, actor=Actor("clerk", Role.CLERK, AWAY))


async def test_of_a_parcel_that_is_over_nothing_is_declared(parcel_db: Database) -> None:
    first = await declare(parcel_db)

    with pytest.raises(DeclarationOver):
        async with parcel_db.transaction() as tx:
            await declare_content(tx, CLERK, replace(POSTED, is_over=True), FULL, LATER)

    assert await kept(parcel_db) == first


async def test_the_day_that_rules_go_by_is_the_day_in_cambodia(parcel_db: Database) -> None:
    item = replace(POSTED, sending=replace(POSTED.sending, destination_country="VN"))
    vape = declared(replace(LINE, description="vape pen"))
    new_year_here = datetime(2024, 12, 31, 17, tzinfo=UTC)

    async with parcel_db.transaction() as tx:
        await declare_content(tx, CLERK, item, vape, new_year_here - timedelta(seconds=1))
    async with parcel_db.transaction() as tx:
        with pytest.raises(Invalid):
            await declare_content(tx, CLERK, item, vape, new_year_here)


async def test_complete_advance_data_of_a_declaration_is_told_once(parcel_db: Database) -> None:
    await declare(parcel_db)

    told = [await complete(parcel_db, at=NOON), await complete(parcel_db, at=LATER)]
    await declare(parcel_db, at=LATER)
    told.append(await complete(parcel_db, at=LATER))

    assert told == [(NUMBER, 2, NOON), None, None]
    assert (await kept(parcel_db)).advance_data_complete_at == NOON


async def test_what_is_declared_anew_is_told_anew_at_a_higher_version(parcel_db: Database) -> None:
    await declare(parcel_db)
    first = await complete(parcel_db)

    await declare(parcel_db, FULL, LATER)
    told = [await complete(parcel_db, at=LATER), await complete(parcel_db, at=LATER)]

    assert first == (NUMBER, 2, NOON)
    assert told == [(NUMBER, 4, LATER), None]
    anew = await kept(parcel_db)
    assert (anew.declaration, anew.version, anew.advance_data_complete_at) == (FULL, 4, LATER)


async def test_what_was_closed_into_a_dispatch_is_declared_no_more(parcel_db: Database) -> None:
    await declare(parcel_db)
    await complete(parcel_db)
    before = await kept(parcel_db)
    async with parcel_db.transaction() as tx:
        await note_closed_items(tx, [moved(NUMBER, 2, CustomerState.IN_TRANSIT, event_code="EMC")])

    with pytest.raises(DeclarationClosed) as refused:
        await declare(parcel_db, FULL, LATER)

    assert "office of exchange" in refused.value.detail
    assert await kept(parcel_db) == before


@pytest.mark.parametrize("code", sorted(CLOSED))
@pytest.mark.parametrize("earlier", [(), (DECLARATION,)])
async def test_a_scan_closes_nothing_of_what_lacks_advance_data(
    parcel_db: Database, code: str, earlier: tuple[Declaration, ...]
) -> None:
    for declaration in earlier:
        await declare(parcel_db, declaration)
    async with parcel_db.transaction() as tx:
        await note_closed_items(tx, [moved(NUMBER, 2, CustomerState.AT_CUSTOMS, event_code=code)])

    declared_now = await declare(parcel_db, FULL, LATER)

    assert (declared_now.declaration, declared_now.advance_data_complete_at) == (FULL, None)
    assert await complete(parcel_db, at=LATER) is not None
    with pytest.raises(DeclarationClosed):
        await declare(parcel_db, DECLARATION, LATER)


async def test_several_at_once_tell_complete_advance_data_once(parcel_db: Database) -> None:
    await declare(parcel_db)

    told = await asyncio.gather(*(complete(parcel_db) for _ in range(4)))

    assert sorted(told, key=lambda one: one is None) == [(NUMBER, 2, NOON), None, None, None]


async def test_a_missing_element_keeps_advance_data_incomplete(parcel_db: Database) -> None:
    await declare(parcel_db)
    nowhere = replace(POSTED, addressee=replace(POSTED.addressee, address=()))

    assert await complete(parcel_db, nowhere) is None
    assert (await kept(parcel_db)).advance_data_complete_at is None
    assert await complete(parcel_db, at=LATER) == (NUMBER, 2, LATER)


async def test_what_was_not_declared_is_not_complete(parcel_db: Database) -> None:
    with pytest.raises(DeclarationNotFound):
        await complete(parcel_db)

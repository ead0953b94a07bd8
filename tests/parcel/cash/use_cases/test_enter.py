"""The way into the ledger: once for each cause, in one chain for each office, whoever else is at it."""

import asyncio

import asyncpg
import pytest

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.chain import GENESIS
from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.domain.entry import Cause, Flag
from services.parcel.cash.store import balances, drawers, entries
from services.parcel.cash.use_cases.enter import enter
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.cash.ledger import AT, draft, entered, faults, filled


async def safe(database: Database, office: str = HOME) -> dict[str, int]:
    async with database.connection() as connection:
        return await balances.of_account(connection, office, Account.SAFE)


async def test_entries_stand_behind_each_other_and_add_up(parcel_db: Database) -> None:
    first, second, third = await entered(
        parcel_db, draft(100, words="From the post."), draft(250), draft(5, "USD", office=AWAY)
    )

    assert (first.sequence, second.sequence, third.sequence) == (1, 2, 1)
    assert (first.previous_sha256, second.previous_sha256) == (GENESIS, first.sha256)
    assert await safe(parcel_db) == {"KHR": 350}
    async with parcel_db.connection() as connection:
        assert await entries.find(connection, first.entry_id) == first
    assert await faults(parcel_db) == []


async def test_a_cause_makes_one_entry_however_often_it_comes(parcel_db: Database) -> None:
    same = draft(100, cause=Cause("event", "it"))
    (first,) = await entered(parcel_db, same)
    async with parcel_db.transaction() as tx:
        again = await enter(tx, [same, draft(7), same])

    assert [one.is_new for one in again] == [False, True, False]
    assert again[0].entry == again[2].entry == first
    assert await safe(parcel_db) == {"KHR": 107}


async def test_twice_in_one_list_is_once(parcel_db: Database) -> None:
    same = draft(100)
    async with parcel_db.transaction() as tx:
        assert [one.is_new for one in await enter(tx, [same, same])] == [True, False]
    assert await safe(parcel_db) == {"KHR": 100}


async def test_many_at_once_make_one_chain_without_a_gap(parcel_db: Database) -> None:
    same = draft(1, cause=Cause("event", "twin"))
    lists = [
        [draft(1, office=office), same, draft(1, office=other)] for office, other in [(HOME, AWAY), (AWAY, HOME)] * 6
    ]

    await asyncio.gather(*(entered(parcel_db, *drafts) for drafts in lists))

    assert await safe(parcel_db) == {"KHR": 13}
    assert await safe(parcel_db, AWAY) == {"KHR": 12}
    async with parcel_db.connection() as connection:
        assert [one.sequence for one in await entries.of_office(connection, HOME, 0, 100)] == list(range(1, 14))
    assert await faults(parcel_db) == []


async def test_what_comes_for_a_closed_drawer_explains_its_difference(parcel_db: Database) -> None:
    drawer = Drawer(new_id(), HOME, "clerk-TK01A", AT)
    to_drawer = (
        Posting(Account.DRAWER, 5_000, "KHR", drawer.holder),
        Posting(Account.COD_HELD, -5_000, "KHR", "shop"),
    )
    async with parcel_db.transaction() as tx:
        await drawers.add(tx, drawer)
        await tx.execute(
            "update cash_drawer set closed_at = now(), closed_by = 'x', counted = '[]', closing_entry_id = drawer_id"
        )

    late, stray = await entered(
        parcel_db,
        draft(postings=to_drawer),
        draft(postings=tuple(Posting(p.account, p.quantity, p.unit, str(new_id())) for p in to_drawer)),
    )

    assert Posting(Account.DIFFERENCES, 5_000, "KHR", drawer.holder) in late.postings
    assert late.flags == (Flag.AFTER_CLOSE,)
    assert stray.flags == (Flag.UNKNOWN_DRAWER,)
    assert await faults(parcel_db) == []


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_posting"])
@pytest.mark.parametrize("statement", ["update {} set office = 'X'", "delete from {}", "truncate {} cascade"])
async def test_the_service_may_not_change_what_it_wrote(parcel_db: Database, table: str, statement: str) -> None:
    await filled(parcel_db, 2)
    async with parcel_db.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            await connection.execute(statement.format(table))

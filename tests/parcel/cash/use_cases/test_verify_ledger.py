"""Whoever owns the tables can change them; whoever verifies finds it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from onebox.postgres.databases import ServiceDatabase
from services.parcel.cash.domain.chain import digest_of
from services.parcel.cash.domain.verification import Wrong
from services.parcel.cash.entrypoints.verify import verify
from services.parcel.cash.store import chains, entries
from services.parcel.cash.use_cases import verify_ledger
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.cash.ledger import faults, filled, tampered
from tests.support import databases
from tests.support.addresses import Addresses


@pytest.fixture
async def lent(servers: Addresses) -> AsyncIterator[ServiceDatabase]:
    async with databases.fresh(servers, "parcel") as lent:
        yield lent


@pytest.fixture
async def database(lent: ServiceDatabase) -> AsyncIterator[Database]:
    database = await Database.open(lent.service_url, pool_size=2, application="tests")
    yield database
    await database.close()


SWAP = """
update ledger_entry set sequence = 1000 + sequence where sequence in (2, 3);
update ledger_entry set sequence = 1005 - sequence where sequence > 1000;
update ledger_posting set sequence = 1000 + sequence where sequence in (2, 3);
update ledger_posting set sequence = 1005 - sequence where sequence > 1000;
"""
TAMPERED: dict[str, tuple[str, list[tuple[str, int, Wrong]]]] = {
    "an amount": (
        "update ledger_posting set quantity = sign(quantity) * 7 where office = 'TK01A' and sequence = 2",
        [(HOME, 2, Wrong.CHANGED), (HOME, 0, Wrong.BALANCE), (HOME, 0, Wrong.BALANCE)],
    ),
    "one side": (
        "update ledger_posting set quantity = 7 where office = 'TK01A' and sequence = 2 and place = 0",
        [(HOME, 2, Wrong.CHANGED), (HOME, 2, Wrong.UNBALANCED), (HOME, 0, Wrong.BALANCE)],
    ),
    "who did it": (
        "update ledger_entry set recorded_by = 'somebody' where office = 'TK01A' and sequence = 2",
        [(HOME, 2, Wrong.CHANGED)],
    ),
    "an account nobody knows": (
        "update ledger_posting set account = 'pocket' where office = 'TK01A' and sequence = 2 and place = 0;"
        "update ledger_entry set kind = 'gift' where office = 'TK01A' and sequence = 3",
        [(HOME, 2, Wrong.CHANGED), (HOME, 3, Wrong.CHANGED), (HOME, 0, Wrong.BALANCE), (HOME, 0, Wrong.BALANCE)],
    ),
    "a removed entry": (
        "delete from ledger_posting where office = 'TK01A' and sequence = 3;"
        "delete from ledger_entry where office = 'TK01A' and sequence = 3",
        [(HOME, 3, Wrong.MISSING), (HOME, 4, Wrong.UNLINKED), (HOME, 0, Wrong.BALANCE), (HOME, 0, Wrong.BALANCE)],
    ),
    "the last entry": (
        "delete from ledger_posting where office = 'TK01A' and sequence = 5;"
        "delete from ledger_entry where office = 'TK01A' and sequence = 5",
        [(HOME, 5, Wrong.CUT_OFF), (HOME, 0, Wrong.BALANCE), (HOME, 0, Wrong.BALANCE)],
    ),
    "an entry put in": (
        "insert into ledger_entry (office, sequence, entry_id, kind, cause_kind, cause_id, recorded_by, occurred_at,"
        " recorded_at, item_numbers, flags, previous_sha256, sha256) select office, 6, gen_random_uuid(), kind, 'x',"
        " 'x', recorded_by, now(), now(), '{}', '{}', sha256, sha256 from ledger_entry"
        " where office = 'TK01A' and sequence = 5",
        [(HOME, 6, Wrong.CHANGED), (HOME, 6, Wrong.HEAD)],
    ),
    "words": ("update ledger_words set words = 'His fault.'", []),
    "a balance": (
        "update ledger_balance set quantity = quantity + 1 where office = 'TK01A' and account = 'safe'",
        [(HOME, 0, Wrong.BALANCE)],
    ),
    "a whole chain": ("delete from ledger_chain where office = 'TK01A'", [(HOME, 0, Wrong.NO_CHAIN)]),
}


@pytest.mark.parametrize("what", TAMPERED)
async def test_what_was_tampered_with_is_found(lent: ServiceDatabase, database: Database, what: str) -> None:
    made = await filled(database, 5)
    await filled(database, 3, AWAY)
    statements, expected = TAMPERED[what]
    await tampered(lent.owner_url, statements)

    found = [(fault.office, fault.sequence, fault.wrong) for fault in await faults(database)]

    if what == "words":
        expected = [(HOME, entry.sequence, Wrong.WORDS) for entry in made if entry.words_sha256]
        assert expected
        found = [fault for fault in found if fault[0] == HOME]
    assert found == expected


async def test_swapped_entries_are_found(lent: ServiceDatabase, database: Database) -> None:
    await filled(database, 5)
    await tampered(lent.owner_url, SWAP)

    assert {fault.wrong for fault in await faults(database)} == {Wrong.CHANGED, Wrong.UNLINKED}


async def test_a_tail_written_anew_is_found_by_a_head_that_was_told(lent: ServiceDatabase, database: Database) -> None:
    made = await filled(database, 5)
    told = {HOME: {made[3].sequence: made[3].sha256.hex()}}
    assert await faults(database, told) == []
    await written_anew(lent.owner_url, database)

    assert await faults(database) == []
    found = await faults(database, told)
    assert [(fault.sequence, fault.wrong) for fault in found] == [(4, Wrong.REWRITTEN)]


async def written_anew(owner_url: str, database: Database) -> None:
    """Change an amount at the end and make everything fit that stands in the database."""
    await tampered(
        owner_url,
        "update ledger_posting set quantity = sign(quantity) * 7 where sequence = 4",
        "update ledger_balance set quantity = (select sum(quantity) from ledger_posting"
        " where ledger_posting.account = ledger_balance.account)",
    )
    async with database.connection() as connection:
        fourth, fifth = await entries.of_office(connection, HOME, 3, 2)
    owner = await asyncpg.connect(owner_url)
    try:
        digest = digest_of(fourth)
        await owner.execute("update ledger_entry set sha256 = $1 where sequence = 4", digest)
        await owner.execute("update ledger_entry set previous_sha256 = $1 where sequence = 5", digest)
    finally:
        await owner.close()
    async with database.connection() as connection:
        (fifth,) = await entries.of_office(connection, HOME, 4, 1)
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute("update ledger_entry set sha256 = $1 where sequence = 5", digest_of(fifth))
        await owner.execute("update ledger_chain set sha256 = $1", digest_of(fifth))
    finally:
        await owner.close()


async def test_an_owner_who_forgets_the_trigger_is_refused(lent: ServiceDatabase, database: Database) -> None:
    await filled(database, 1)
    owner = await asyncpg.connect(lent.owner_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute("update ledger_entry set recorded_by = 'x'")
    finally:
        await owner.close()


async def test_a_long_ledger_is_read_in_portions(
    lent: ServiceDatabase, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_ledger, "AT_ONCE", 7)
    await filled(database, 40)
    said: list[str] = []

    report = await verify(lent.service_url, None, said.append)

    assert (report.verified.entries, report.verified.offices, report.verified.faults) == (40, 1, [])
    assert report.lines[-1] == "The ledger is as it was made."


async def test_no_broker_stops_no_verification_and_is_said(lent: ServiceDatabase, database: Database) -> None:
    await filled(database, 3)
    said: list[str] = []

    report = await verify(lent.service_url, "127.0.0.1:1", said.append)

    assert not report.heads_read
    assert "No broker answers" in said[0]
    assert "no broker answered" in report.lines[0]


async def test_a_head_of_an_office_whose_ledger_is_gone_is_found(database: Database) -> None:
    assert [fault.wrong for fault in await faults(database, {AWAY: {3: "00"}})] == [Wrong.CUT_OFF]
    async with database.connection() as connection:
        assert await chains.all_heads(connection) == []

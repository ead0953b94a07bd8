"""Entries of the ledger as tests make them."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.domain.verification import Fault
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.verify_ledger import Told, verify_ledger
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import HOME

UNGUARDED = """
alter table ledger_entry disable trigger user;
alter table ledger_posting disable trigger user, drop constraint if exists ledger_posting_office_sequence_fkey;
"""
AT = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)


def draft(amount_minor: int = 10_000, currency: str = "KHR", **values: Any) -> Draft:
    """Return a float that the post gave, or what else is said."""
    made = Draft(
        HOME,
        Kind.FLOAT_RECEIVED,
        (Posting(Account.SAFE, amount_minor, currency), Posting(Account.FLOAT, -amount_minor, currency)),
        Cause("command", str(new_id())),
        "supervisor-TK01A",
        AT,
        AT,
    )
    return replace(made, **values)


async def entered(database: Database, *drafts: Draft) -> list[Entry]:
    """Make entries in one transaction."""
    async with database.transaction() as tx:
        return [one.entry for one in await enter(tx, drafts)]


async def filled(database: Database, count: int, office: str = HOME, seed: int = 1) -> list[Entry]:
    """Make many entries at an office, some with words."""
    chance = random.Random(seed)
    drafts = [
        draft(chance.randint(1, 10**6), office=office, words="No idea." if chance.random() < 0.2 else None)
        for _ in range(count)
    ]
    return await entered(database, *drafts)


async def faults(database: Database, told: Told | None = None) -> list[Fault]:
    """Verify the ledger."""
    async with database.transaction() as tx:
        return (await verify_ledger(tx, told or {}, lambda _verified: None)).faults


async def tampered(owner_url: str, *statements: str) -> None:
    """Change the ledger as somebody could who owns its tables."""
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute(UNGUARDED)
        for statement in statements:
            await owner.execute(statement)
    finally:
        await owner.close()

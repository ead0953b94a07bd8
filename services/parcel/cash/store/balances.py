"""Table ledger_balance: what the postings of each account add up to."""

from collections.abc import Sequence

import asyncpg

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.entry import Entry
from shared.db.connection import Tx


async def add(tx: Tx, entries: Sequence[Entry]) -> None:
    """Add the postings of entries; the caller holds the chains of their offices."""
    postings = [(entry.office, posting) for entry in entries for posting in entry.postings]
    await tx.execute(
        """
        insert into ledger_balance (office, account, holder, unit, quantity)
        select office, account, holder, unit, sum(quantity)
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
            as posting (office, account, holder, unit, quantity)
        group by office, account, holder, unit order by office, account, holder, unit
        on conflict (office, account, holder, unit) do update
            set quantity = ledger_balance.quantity + excluded.quantity
        """,
        [office for office, _ in postings],
        [posting.account for _, posting in postings],
        [posting.holder for _, posting in postings],
        [posting.unit for _, posting in postings],
        [posting.quantity for _, posting in postings],
    )


async def of_account(tx: Tx, office: str, account: Account, holder: str = "") -> dict[str, int]:
    """Return what an account of one holder has, by unit; nothing of it is left out."""
    records = await tx.fetch(
        """
        select unit, quantity from ledger_balance
        where office = $1 and account = $2 and holder = $3 and quantity <> 0 order by unit
        """,
        office,
        account,
        holder,
    )
    return {record["unit"]: record["quantity"] for record in records}


async def of_office(tx: Tx, office: str) -> list[Posting]:
    """Return what each account of an office has, unless it is nothing."""
    records = await tx.fetch(
        """
        select account, holder, unit, quantity from ledger_balance where office = $1 and quantity <> 0
        order by account, unit, holder
        """,
        office,
    )
    return [_posting(record) for record in records]


async def of_all(tx: Tx, account: Account) -> dict[str, int]:
    """Return what an account has in all offices together, by unit."""
    records = await tx.fetch(
        "select unit, sum(quantity)::bigint as quantity from ledger_balance where account = $1 group by unit", account
    )
    return {record["unit"]: record["quantity"] for record in records}


async def unlike_postings(tx: Tx, office: str) -> list[Posting]:
    """Return the balances of an office that are not what its postings add up to, as they stand."""
    records = await tx.fetch(
        """
        select account, holder, unit, coalesce(kept.quantity, 0) as quantity
        from (select * from ledger_balance where office = $1) as kept
        full join (
            select account, holder, unit, sum(quantity) as quantity from ledger_posting where office = $1
            group by account, holder, unit
        ) as posted using (account, holder, unit)
        where coalesce(kept.quantity, 0) <> coalesce(posted.quantity, 0)
        order by account, holder, unit
        """,
        office,
    )
    return [_posting(record) for record in records]


def _posting(record: asyncpg.Record) -> Posting:
    return Posting(record["account"], record["quantity"], record["unit"], record["holder"])

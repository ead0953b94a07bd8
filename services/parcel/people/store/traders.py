"""Table trader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.parcel.people.domain.trader import NO_IDENTITY, NO_PAYOUT, Identity, Payout, Trader
from shared.db.connection import Tx


async def add(tx: Tx, trader: Trader) -> None:
    """Insert a shop."""
    await tx.execute(
        """
        insert into trader (trader_id, shop_name, office, identity, payout, opened_by, opened_at, sample)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        trader.trader_id,
        trader.shop_name,
        trader.office,
        trader.identity,
        trader.payout,
        trader.opened_by,
        trader.opened_at,
        trader.sample,
    )


async def find(tx: Tx, trader_id: UUID) -> Trader | None:
    """Return a shop."""
    record = await tx.fetchrow(
        """
        select trader_id, shop_name, office, identity, payout, opened_by, opened_at, disabled_at, sample
        from trader where trader_id = $1
        """,
        trader_id,
    )
    return _trader(record) if record else None


async def of_ids(tx: Tx, trader_ids: Sequence[UUID]) -> list[Trader]:
    """Return shops."""
    records = await tx.fetch(
        """
        select trader_id, shop_name, office, identity, payout, opened_by, opened_at, disabled_at, sample
        from trader where trader_id = any($1::uuid[])
        """,
        trader_ids,
    )
    return [_trader(record) for record in records]


async def hold_open(tx: Tx, trader_id: UUID) -> bool:
    """Tell whether a shop is open, and keep others from closing it until the transaction ends."""
    return bool(await tx.fetchval("select disabled_at is null from trader where trader_id = $1 for share", trader_id))


async def of_office(tx: Tx, office: str | None, after: tuple[str, UUID] | None, limit: int) -> list[Trader]:
    """Return the shops of an office, of all offices for None, by name; those after a name and id."""
    records = await tx.fetch(
        """
        select trader_id, shop_name, office, identity, payout, opened_by, opened_at, disabled_at, sample
        from trader
        where ($1::text is null or office = $1) and ($2::text is null or (shop_name, trader_id) > ($2, $3::uuid))
        order by shop_name, trader_id limit $4
        """,
        office,
        *(after or (None, None)),
        limit,
    )
    return [_trader(record) for record in records]


@dataclass(frozen=True, slots=True)
class Customer:
    """A shop by its name alone."""

    trader: UUID
    shop_name: str


async def customers_of(tx: Tx, office: str, limit: int) -> list[Customer]:
    """Return the open shops of an office, by name."""
    records = await tx.fetch(
        """
        select trader_id, shop_name from trader where office = $1 and disabled_at is null
        order by shop_name, trader_id limit $2
        """,
        office,
        limit,
    )
    return [Customer(*record) for record in records]


async def disable(tx: Tx, trader_id: UUID, now: datetime) -> Trader | None:
    """Note that a shop may no longer act; returns it, None if there is none."""
    record = await tx.fetchrow(
        """
        update trader set disabled_at = coalesce(disabled_at, $2) where trader_id = $1
        returning trader_id, shop_name, office, identity, payout, opened_by, opened_at, disabled_at, sample
        """,
        trader_id,
        now,
    )
    return _trader(record) if record else None


async def erase(tx: Tx, closed_before: datetime, now: datetime, limit: int) -> int:
    """Forget names, papers and accounts of the shops that closed longest ago; returns how many."""
    status = await tx.execute(
        """
        update trader set shop_name = '', identity = $4, payout = $5, erased_at = $2
        where trader_id in (
            select trader_id from trader where disabled_at < $1 and erased_at is null
            order by disabled_at limit $3 for update skip locked
        )
        """,
        closed_before,
        now,
        limit,
        NO_IDENTITY,
        NO_PAYOUT,
    )
    return int(str(status).rpartition(" ")[2])


def _trader(record: asyncpg.Record) -> Trader:
    values: dict[str, Any] = dict(record)
    values["identity"], values["payout"] = Identity(**values["identity"]), Payout(**values["payout"])
    return Trader(**values)

"""Tables exchange_rate, which counts, and exchange_rate_replaced, which counted until it was set again."""

from dataclasses import replace
from datetime import date

from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from shared.db.connection import Tx


async def put(tx: Tx, rate: ExchangeRate) -> ExchangeRate:
    """Keep the rate of a day, and beside it the one set before; returns it with its version."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('rate of ' || $1::date, 0))", rate.day)
    await tx.execute(
        """
        insert into exchange_rate_replaced (day, version, riel_per_usd, set_by, set_at)
        select day, version, riel_per_usd, set_by, set_at from exchange_rate where day = $1
        """,
        rate.day,
    )
    version: int = await tx.fetchval(
        """
        insert into exchange_rate (day, riel_per_usd, set_by, set_at) values ($1, $2, $3, $4)
        on conflict (day) do update set riel_per_usd = excluded.riel_per_usd, set_by = excluded.set_by,
            set_at = excluded.set_at, version = exchange_rate.version + 1
        returning version
        """,
        rate.day,
        rate.riel_per_usd,
        rate.set_by,
        rate.set_at,
    )
    return replace(rate, version=version)


async def in_force(tx: Tx, day: date) -> ExchangeRate | None:
    """Return the last rate set for a day not later than this one."""
    record = await tx.fetchrow(
        """
        select day, riel_per_usd, set_by, set_at, version from exchange_rate where day <= $1 order by day desc limit 1
        """,
        day,
    )
    return ExchangeRate(**dict(record)) if record else None


async def from_day(tx: Tx, day: date) -> list[ExchangeRate]:
    """Return the rate in force on a day and those of later days, the earliest first."""
    records = await tx.fetch(
        """
        select day, riel_per_usd, set_by, set_at, version from exchange_rate
        where day >= coalesce((select max(day) from exchange_rate where day <= $1), $1) order by day
        """,
        day,
    )
    return [ExchangeRate(**dict(record)) for record in records]


async def versions_of(tx: Tx, day: date) -> list[ExchangeRate]:
    """Return every rate that was set for a day, the last one first."""
    records = await tx.fetch(
        """
        select day, riel_per_usd, set_by, set_at, version from exchange_rate where day = $1
        union all
        select day, riel_per_usd, set_by, set_at, version from exchange_rate_replaced where day = $1
        order by version desc
        """,
        day,
    )
    return [ExchangeRate(**dict(record)) for record in records]

"""Table exchange_rate."""

from datetime import date

from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from shared.db.connection import Tx


async def put(tx: Tx, rate: ExchangeRate) -> None:
    """Keep the rate of a day, in place of one set before."""
    await tx.execute(
        """
        insert into exchange_rate (day, riel_per_usd, set_by, set_at) values ($1, $2, $3, $4)
        on conflict (day) do update set riel_per_usd = excluded.riel_per_usd, set_by = excluded.set_by,
            set_at = excluded.set_at
        """,
        rate.day,
        rate.riel_per_usd,
        rate.set_by,
        rate.set_at,
    )


async def in_force(tx: Tx, day: date) -> ExchangeRate | None:
    """Return the last rate set for a day not later than this one."""
    record = await tx.fetchrow(
        """
        select day, riel_per_usd, set_by, set_at from exchange_rate where day <= $1 order by day desc limit 1
        """,
        day,
    )
    return ExchangeRate(**dict(record)) if record else None


async def from_day(tx: Tx, day: date) -> list[ExchangeRate]:
    """Return the rate in force on a day and those of later days, the earliest first."""
    records = await tx.fetch(
        """
        select day, riel_per_usd, set_by, set_at from exchange_rate
        where day >= coalesce((select max(day) from exchange_rate where day <= $1), $1) order by day
        """,
        day,
    )
    return [ExchangeRate(**dict(record)) for record in records]

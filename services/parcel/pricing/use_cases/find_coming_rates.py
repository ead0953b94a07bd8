"""A process learns the rates that it will reckon with."""

from datetime import date

from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.store import exchange_rates
from shared.db.connection import Tx


async def find_coming_rates(tx: Tx, day: date) -> list[ExchangeRate]:
    """Return the rate in force on a day and those of later days, the earliest first."""
    return await exchange_rates.from_day(tx, day)

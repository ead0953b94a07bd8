"""Staff look up what a dollar is worth."""

from datetime import date

from services.parcel.pricing.domain.exchange_rate import ExchangeRate, RateNotFound
from services.parcel.pricing.store import exchange_rates
from shared.db.connection import Tx


async def find_rate(tx: Tx, day: date) -> ExchangeRate:
    """Return the rate in force on a day: the last one that was set for a day not later.

    Raises: RateNotFound.
    """
    rate = await exchange_rates.in_force(tx, day)
    if rate is None:
        raise RateNotFound
    return rate

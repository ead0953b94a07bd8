"""Staff see how often the rate of a day was set, by whom, and to what."""

from datetime import date

from services.parcel.pricing.domain.exchange_rate import ExchangeRate, RateNotFound
from services.parcel.pricing.store import exchange_rates
from shared.db.connection import Tx


async def find_rate_versions(tx: Tx, day: date) -> list[ExchangeRate]:
    """Return every rate set for this very day, the last one, which counts, first.

    Raises: RateNotFound.
    """
    rates = await exchange_rates.versions_of(tx, day)
    if not rates:
        raise RateNotFound
    return rates

"""Somebody says what a dollar is worth from a day on."""

from datetime import date, datetime

from services.parcel.pricing.domain.exchange_rate import DayIsOver, ExchangeRate
from services.parcel.pricing.store import exchange_rates
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx


async def set_rate(tx: Tx, actor: Actor, day: date, riel_per_usd: int, now: datetime) -> ExchangeRate:
    """Set the rate of today or a day to come; set again, the last one counts and those before stay on record.

    Raises: DayIsOver.
    """
    if day < now.astimezone(LOCAL).date():
        raise DayIsOver
    return await exchange_rates.put(tx, ExchangeRate(day, riel_per_usd, actor.id, now))

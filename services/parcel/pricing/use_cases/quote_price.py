"""A counter asks what an item costs, before it is registered or a year later."""

from datetime import date

from services.parcel.pricing.domain.quote import Price, Question, price_on
from services.parcel.pricing.store import exchange_rates
from shared.db.connection import Tx


async def quote_price(tx: Tx, question: Question, day: date, tariff_version: str | None = None) -> Price:
    """Reckon what an item costs on a day, by the tariff in force or by the one named; writes nothing.

    Raises: NoTariffInForce, TariffNotFound, NoLimitsInForce, Invalid.
    """
    return price_on(question, await exchange_rates.in_force(tx, day), day, tariff_version)

"""A counter asks what an item costs, before it is registered or a year later."""

from datetime import date

from services.parcel.pricing.domain.limits import limits_on
from services.parcel.pricing.domain.quote import Price, Question, quote
from services.parcel.pricing.domain.tariff import tariff_of, tariff_on
from services.parcel.pricing.store import exchange_rates
from shared.db.connection import Tx
from shared.errors import Invalid, gathering


async def quote_price(tx: Tx, question: Question, day: date, tariff_version: str | None = None) -> Price:
    """Reckon what an item costs on a day, by the tariff in force or by the one named; writes nothing.

    Raises: NoTariffInForce, TariffNotFound, NoLimitsInForce, Invalid.
    """
    tariff = tariff_of(tariff_version) if tariff_version else tariff_on(day)
    limits = limits_on(day)
    rate = await exchange_rates.in_force(tx, day)
    with gathering() as part:
        with part():
            problems = limits.problems(
                question.service, question.country, question.weight_g, question.sides_mm, question.shape
            )
            if problems:
                raise Invalid(problems)
        with part():
            price = quote(question, tariff, rate, day)
    return price

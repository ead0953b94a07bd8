"""The rates that this process knows, so that a registration asks no database for one."""

from collections.abc import Sequence
from datetime import date

from fastapi import Request

from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.use_cases.find_coming_rates import find_coming_rates
from shared import clock
from shared.db.connection import Database


class KnownRates:
    """The rate in force and those set for days to come, as of the last refresh."""

    def __init__(self) -> None:
        self._rates: Sequence[ExchangeRate] = ()

    async def refresh(self, database: Database) -> bool:
        """Read the rates again; returns False, as a loop's step that never hurries."""
        today = clock.now().astimezone(clock.LOCAL).date()
        async with database.connection() as connection:
            self._rates = await find_coming_rates(connection, today)
        return False

    def on(self, day: date) -> ExchangeRate | None:
        """Return the rate in force on a day from today on, None until somebody sets one."""
        return next((rate for rate in reversed(self._rates) if rate.day <= day), None)


async def known_rates_of(request: Request) -> KnownRates:
    """Return the rates at hand."""
    known_rates: KnownRates = request.app.state.known_rates
    return known_rates

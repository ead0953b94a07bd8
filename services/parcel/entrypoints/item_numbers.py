"""Item numbers at hand in this process: leased in portions, given out one by one, gaps allowed, reuse never."""

import asyncio
from collections import defaultdict, deque

from services.parcel.domain.postal_services import COUNTRY
from services.parcel.store import numbers
from services.parcel.use_cases.lease_numbers import lease_numbers
from shared import clock
from shared.db.connection import Database
from shared.failpoints import Place, reached
from shared.s10 import ItemNumber

SMALLEST_PORTION = 10
LARGEST_PORTION = 200
"""An office of forty parcels a day must not lose hundreds of numbers each time a process dies."""
LEASED_WITHIN_S = 4.0


class ItemNumbers:
    """Serials leased and not yet used, by office and indicator."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_hand: dict[tuple[str, str], deque[int]] = defaultdict(deque)
        self._leasing: dict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._portion: dict[tuple[str, str], int] = defaultdict(lambda: SMALLEST_PORTION)

    async def take(self, office: str, indicator: str) -> ItemNumber:
        """Return the next number of an office.

        Raises: NumbersExhausted, DatabaseUnavailable, TimeoutError.
        """
        at_hand = self._at_hand[office, indicator]
        if not at_hand:
            async with asyncio.timeout(LEASED_WITHIN_S), self._leasing[office, indicator]:
                if not at_hand:
                    at_hand.extend(await self._lease(office, indicator))
        return ItemNumber(indicator, at_hand.popleft(), COUNTRY)

    async def give_back(self) -> None:
        """Return what nobody was given, as the process stops; what another leased behind it is lost as a gap."""
        for (office, indicator), at_hand in list(self._at_hand.items()):
            if at_hand:
                unused = range(at_hand[0], at_hand[-1] + 1)
                at_hand.clear()
                async with self._database.connection() as connection:
                    await numbers.give_back(connection, office, indicator, unused)

    async def _lease(self, office: str, indicator: str) -> range:
        portion = self._portion[office, indicator]
        self._portion[office, indicator] = min(2 * portion, LARGEST_PORTION)
        # The serials are ours once the lease is committed, and not before: it may still be rolled back.
        async with self._database.transaction() as tx:
            leased = await lease_numbers(tx, office, indicator, portion, clock.now())
            reached(Place.LEASE_WRITTEN)
        reached(Place.LEASE_COMMITTED)
        return leased

"""Item numbers at hand in this process: leased in portions, given out one by one, gaps allowed, reuse never."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

import structlog
from fastapi import Request

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases.lease_numbers import lease_numbers
from shared import clock
from shared.db.connection import Database
from shared.failpoints import Place, reached
from shared.s10 import ItemNumber

log = structlog.get_logger()

SMALLEST_PORTION = 10
LARGEST_PORTION = 200
"""An office of forty parcels a day must not lose hundreds of numbers each time a process dies."""
LEASED_WITHIN_S = 4.0
FEW_SHARE = 8
"""More are leased when what is left is so small a part of the next portion, and nobody waits for it."""

Supply: TypeAlias = tuple[str, str]
"""An office and an indicator."""


class ItemNumbers:
    """Serials leased and not yet used, by office and indicator; more are leased before the last one is taken."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_hand: dict[Supply, deque[int]] = defaultdict(deque)
        self._leasing: dict[Supply, asyncio.Task[None]] = {}
        self._portion: dict[Supply, int] = defaultdict(lambda: SMALLEST_PORTION)

    async def take(self, office: str, indicator: str) -> ItemNumber:
        """Return the next number of an office.

        Raises: NumbersExhausted, DatabaseUnavailable, TimeoutError.
        """
        at_hand = self._at_hand[office, indicator]
        if len(at_hand) <= self._portion[office, indicator] // FEW_SHARE:
            leased = self._lease(office, indicator)
            if not at_hand:
                async with asyncio.timeout(LEASED_WITHIN_S):
                    while not at_hand:
                        await asyncio.shield(leased)
                        leased = leased if at_hand else self._lease(office, indicator)
        return ItemNumber(indicator, at_hand.popleft(), DOMESTIC)

    async def give_back(self) -> None:
        """Return what nobody was given, as the process stops; what another leased behind it is lost as a gap."""
        await asyncio.gather(*self._leasing.values(), return_exceptions=True)
        for (office, indicator), at_hand in list(self._at_hand.items()):
            if at_hand:
                unused = _last_in_a_row(at_hand)
                at_hand.clear()
                async with self._database.connection() as connection:
                    await numbers.give_back(connection, office, indicator, unused)

    def _lease(self, office: str, indicator: str) -> "asyncio.Task[None]":
        """Return the lease that is under way for an office, or begin one."""
        supply = office, indicator
        if supply not in self._leasing:
            self._leasing[supply] = asyncio.create_task(self._fetch(office, indicator))
            self._leasing[supply].add_done_callback(partial(_note, supply))
        return self._leasing[supply]

    async def _fetch(self, office: str, indicator: str) -> None:
        portion = self._portion[office, indicator]
        self._portion[office, indicator] = min(2 * portion, LARGEST_PORTION)
        try:
            # The serials are ours once the lease is committed, and not before: it may still be rolled back.
            async with asyncio.timeout(LEASED_WITHIN_S), self._database.transaction() as tx:
                leased = await lease_numbers(tx, office, indicator, portion, clock.now())
                reached(Place.LEASE_WRITTEN)
            reached(Place.LEASE_COMMITTED)
            self._at_hand[office, indicator].extend(leased)
        finally:
            del self._leasing[office, indicator]


async def item_numbers_of(request: Request) -> ItemNumbers:
    """Return the numbers at hand."""
    item_numbers: ItemNumbers = request.app.state.item_numbers
    return item_numbers


def _note(supply: Supply, lease: "asyncio.Task[None]") -> None:
    """Take note of a lease that failed; perhaps nobody waited for it."""
    if not lease.cancelled() and (error := lease.exception()):
        log.warning("numbers not leased", office=supply[0], indicator=supply[1], error=type(error).__name__)


def _last_in_a_row(serials: Sequence[int]) -> range:
    """Return the last serials without a gap; in one another process may have leased."""
    first = len(serials) - 1
    while first and serials[first - 1] == serials[first] - 1:
        first -= 1
    return range(serials[first], serials[-1] + 1)

"""Shops that want their money in different ways."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from services.parcel.people.domain.trader import Identity, Payout, PayoutKind, Trader
from services.parcel.people.store import traders
from shared.access import directory
from shared.clock import now
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.cash.till import Till
from tests.parcel.counter import Counter

KINDS: tuple[tuple[PayoutKind, str], ...] = (("bank_account", HOME), ("khqr", HOME), ("cash_at_office", AWAY))


@pytest.fixture
def till(counter: Counter) -> Till:
    return Till(counter)


@pytest.fixture
async def shops(app: FastAPI, parcel_db: Database) -> dict[PayoutKind, UUID]:
    """Open a shop of each kind."""
    made: dict[PayoutKind, UUID] = {}
    async with parcel_db.transaction() as tx:
        for kind, office in KINDS:
            made[kind] = new_id()
            account = "krama_house@bank" if kind != "cash_at_office" else None
            payout = Payout(kind, account)
            shop = Trader(made[kind], kind, office, Identity("other", "1"), payout, "tests", now())
            await traders.add(tx, shop)
            await directory.keep(tx, [shop.entry()])
    await app.state.service.directory.refresh(parcel_db)
    return made

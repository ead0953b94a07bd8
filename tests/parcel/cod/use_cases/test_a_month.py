"""A month to the riel: collected is what was paid out, is held and is owed, by items, by the ledger and by a tally."""

import random
from collections import Counter as Tally
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from onebox.postgres.databases import ServiceDatabase
from services.parcel.cash.domain.verification import Wrong
from services.parcel.cod.store import cod_items
from services.parcel.cod.use_cases.add_up_cod import add_up_cod
from services.parcel.people.domain.trader import PayoutKind
from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.store import exchange_rates
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, THIRD, keyed, parcel_body
from tests.parcel.cash.ledger import faults, tampered
from tests.parcel.cod.month import BEGINNING, RATE, Month, Registered
from tests.parcel.counter import Counter
from tests.support import databases
from tests.support.addresses import Addresses

PARCELS, DAYS = 300, 28


@pytest.fixture
async def lent(servers: Addresses) -> AsyncIterator[ServiceDatabase]:
    async with databases.fresh(servers, "parcel") as lent:
        yield lent


@pytest.fixture
async def parcel_db(lent: ServiceDatabase) -> AsyncIterator[Database]:
    """The service's own, whose owner is known too."""
    database = await Database.open(lent.service_url, pool_size=5, application="tests")
    yield database
    await database.close()


async def registered(counter: Counter, shops: dict[PayoutKind, UUID], chance: random.Random) -> Registered:
    """Register a parcel with money on it at the home office, to be handed over at one of three."""
    trader = chance.choice([*shops.values(), None])
    currency = chance.choices(("KHR", "USD"), (80, 20))[0]
    amount = chance.randrange(200, 3_000) * 100 if currency == "KHR" else chance.randrange(500, 9_000)
    payer = chance.choice(("sender", "cod", "recipient" if currency == "KHR" else "cod"))
    body = parcel_body(
        collecting_office=chance.choice((HOME, AWAY, THIRD)),
        payer=payer,
        cod={"amount_minor": amount, "currency": currency},
        trader=str(trader) if trader else None,
    )
    answer = await counter.client.post("/parcels", json=body, headers=counter.signed_in() | keyed())
    assert answer.status_code == 201, answer.text
    parcel = answer.json()
    price = parcel["postage"]["price"]
    kept = price["total_riel"] if currency == "KHR" else price["usd"]["amount_cents"]
    return Registered(
        parcel["item_number"],
        str(trader) if trader else parcel["item_number"],
        Amount(amount, currency),  # type: ignore[arg-type]  # one of two
        amount - (kept if payer == "cod" else 0),
        price["total_riel"] if payer == "recipient" else 0,
        body["collecting_office"],
    )


def by_currency(tally: Tally[tuple[str, str]]) -> dict[str, int]:
    sums: Tally[str] = Tally()
    for (_, currency), amount_minor in tally.items():
        sums[currency] += amount_minor
    return dict(sums)


@pytest.mark.parametrize("seed", [2026])
async def test_a_month_adds_up_to_the_riel(
    counter: Counter, parcel_db: Database, lent: ServiceDatabase, shops: dict[PayoutKind, UUID], seed: int
) -> None:
    today = now().astimezone(LOCAL).date()
    headers = counter.signed_in(Role.ADMINISTRATOR)
    await counter.client.put(f"/exchange-rates/{today}", json={"riel_per_usd": RATE}, headers=headers)
    async with parcel_db.transaction() as tx:
        await exchange_rates.put(tx, ExchangeRate(BEGINNING.date(), RATE, "tests", BEGINNING))
    chance = random.Random(seed)
    parcels = [await registered(counter, shops, chance) for _ in range(PARCELS)]
    month = Month(parcel_db, parcels, seed)

    await month.play(DAYS)

    await adds_up(parcel_db, month)
    assert await faults(parcel_db) == []
    assert all(month.done[what] for what in ("cash", "carrier", "khqr", "uneven", "corrections", "differences"))
    assert all(month.done[f"paid by {way}"] for way in ("bank", "bakong", "cash")), month.done
    await tampered(
        lent.owner_url, "update ledger_posting set quantity = quantity + 100 where sequence = 40 and place = 0"
    )
    assert {(fault.sequence, fault.wrong) for fault in await faults(parcel_db)} >= {
        (40, Wrong.CHANGED),
        (40, Wrong.UNBALANCED),
    }


async def adds_up(database: Database, month: Month) -> None:
    async with database.transaction() as tx:
        added_up = await add_up_cod(tx)
        for (holder, currency), collected in month.collected.items():
            items = [one for one in await cod_items.of_holder(tx, holder, *EVER, 1_000) if one.currency == currency]
            assert sum(one.net_minor for one in items) == collected
            assert sum(one.net_minor for one in items if one.paid_at) == month.paid[holder, currency]
            assert sum(one.net_minor for one in items if not one.ready_at) == month.owed[holder, currency]
    tallies = [by_currency(tally) for tally in (month.collected, month.paid, month.owed)]
    assert len(added_up) == 2
    for one in added_up:
        sums, currency = one.sums, one.sums.currency
        assert one.agrees
        said = [sums.collected_minor, sums.paid_minor, sums.owed_minor]
        assert said == [tally[currency] for tally in tallies]
        assert sums.collected_minor == sums.paid_minor + sums.held_minor + sums.owed_minor
        assert sums.held_minor > 0
        assert sums.owed_minor > 0


EVER = (BEGINNING.replace(year=2020), BEGINNING.replace(year=2100))

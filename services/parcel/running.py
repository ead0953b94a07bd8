"""What lives beside the parcel service's pool and loops: numbers and rates at hand, registrar, press, signing key."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import asyncpg
import structlog
from fastapi import FastAPI

from services.parcel.addresses.domain.place_search import find_places
from services.parcel.addresses.domain.printable_letters import as_printed
from services.parcel.cash.use_cases.forget_words import forget_words
from services.parcel.claims.use_cases.forget_claim_words import forget_claim_words
from services.parcel.cod.domain.khqr import PostAccount
from services.parcel.cod.use_cases.forget_lateness import forget_lateness
from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from services.parcel.customs.use_cases.make_inbound_findable import make_inbound_findable
from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.entrypoints.printing import Printing
from services.parcel.idempotency.use_cases.forget_old_requests import forget_old_requests
from services.parcel.numbers.domain.ahead import MostAhead
from services.parcel.numbers.entrypoints.item_numbers import ItemNumbers
from services.parcel.people.entrypoints.signing import Signing
from services.parcel.people.use_cases.erase_closed_shops import erase_closed_shops
from services.parcel.people.use_cases.forget_old_sign_ins import forget_old_sign_ins
from services.parcel.people.use_cases.publish_signing_key import publish_signing_key
from services.parcel.posting.entrypoints.registrar import Registrar
from services.parcel.posting.use_cases.count_registered import count_registered
from services.parcel.posting.use_cases.erase_people import erase_people
from services.parcel.posting.use_cases.find_posted_item import find_posted_item
from services.parcel.posting.use_cases.make_findable import make_findable
from services.parcel.practice.use_cases.erase_practice_parcels import erase_practice_parcels
from services.parcel.pricing.entrypoints.known_rates import KnownRates
from services.parcel.pricing.use_cases.erase_refund_reasons import erase_refund_reasons
from shared import clock
from shared.access.passphrases import Passphrases
from shared.access.tokens import SigningKey
from shared.db.connection import TRANSIENT, Database, Tx
from shared.errors import PostError
from shared.loops import Loop
from shared.sealing import KeyRing
from shared.settings import ServiceSettings
from shared.web.service import Service

log = structlog.get_logger()

GIVEN_BACK_WITHIN_S = 2.0
PUBLISHED_WITHIN_S = 2.0
READ_WITHIN_S = 2.0
FINDABLE_RESTS = 19
"""Times as long as it works."""
LONGEST_FINDABLE_REST_S = 2.0
ANY_PLACE = "Takeo"
ANY_LETTER = "ក"


@asynccontextmanager
async def beside(
    app: FastAPI,
    service: Service,
    signing_key: SigningKey,
    known_rates: KnownRates,
    imprint: Imprint,
    most_ahead: MostAhead,
    khqr_account: PostAccount | None = None,
) -> AsyncIterator[None]:
    """Hold the parts while the service runs; registrations already taken are answered before it stops."""
    # The first person may sign in before any loop has run, and their token is to be known here.
    with suppress(PostError, asyncpg.PostgresError, *TRANSIENT):
        await asyncio.wait_for(_publish(service, signing_key), PUBLISHED_WITHIN_S)
    with suppress(PostError, asyncpg.PostgresError, *TRANSIENT):
        await asyncio.wait_for(known_rates.refresh(service.database), READ_WITHIN_S)
    registrar = Registrar(service.database, service.outbox)
    passphrases, printing = Passphrases(), Printing()
    item_numbers = ItemNumbers(service.database)
    app.state.item_numbers, app.state.registrar = item_numbers, registrar
    app.state.printing, app.state.imprint = printing, imprint
    app.state.posted_items, app.state.known_rates = find_posted_item, known_rates
    app.state.count_registered, app.state.most_ahead = count_registered, most_ahead
    app.state.khqr_account = khqr_account
    app.state.signing = Signing(passphrases, signing_key, _key_ring(service.settings))
    writing = asyncio.create_task(registrar.run())
    # Read before the first clerk needs a place or a letter, in a thread: it takes a second, and nobody waits for it.
    warming = asyncio.create_task(asyncio.to_thread(_warm))
    try:
        yield
    finally:
        writing.cancel()
        await asyncio.wait([warming])
        with suppress(asyncio.CancelledError):
            await writing
        passphrases.close()
        printing.close()
        with suppress(PostError, *TRANSIENT):
            await asyncio.wait_for(item_numbers.give_back(), GIVEN_BACK_WITHIN_S)


def loops(signing_key: SigningKey, known_rates: KnownRates, kept_for: timedelta, service: Service) -> list[Loop]:
    """Return the parcel service's own loops."""
    return [
        Loop("search", partial(_make_findable, service), pause_s=1.0),
        Loop("erasure", partial(_erase, service, kept_for), pause_s=3600.0),
        Loop("rates", partial(known_rates.refresh, service.background_database), pause_s=2.0),
        Loop("signing key", partial(_publish, service, signing_key), pause_s=60.0),
        Loop(
            "old requests",
            partial(_forget, service.database, partial(forget_old_requests, personal_data_for=kept_for)),
            pause_s=3600.0,
        ),
        Loop("old sign-ins", partial(_forget, service.database, forget_old_sign_ins), pause_s=3600.0),
    ]


def _warm() -> None:
    as_printed(ANY_LETTER)
    find_places(ANY_PLACE, 1)


def _key_ring(settings: ServiceSettings) -> KeyRing | None:
    return KeyRing.read(settings.key_ring_file) if settings.key_ring_file else None


async def _forget(database: Database, forget: Callable[[Tx], Awaitable[None]]) -> bool:
    async with database.connection() as connection:
        await forget(connection)
    return False


async def _make_findable(service: Service) -> bool:
    began_at = time.monotonic()
    async with service.background_database.transaction() as tx:
        found = await make_findable(tx)
    async with service.background_database.transaction() as tx:
        found += await make_inbound_findable(tx)
    if found:
        # The counter comes first: the more there is to do, the longer this takes, and the longer it rests.
        await asyncio.sleep(min(LONGEST_FINDABLE_REST_S, FINDABLE_RESTS * (time.monotonic() - began_at)))
    return bool(found)


async def _erase(service: Service, kept_for: timedelta) -> bool:
    async with service.background_database.transaction() as tx:
        parcels = await erase_people(tx, service.outbox, kept_for, clock.now())
    async with service.background_database.transaction() as tx:
        items = await erase_inbound_people(tx, service.outbox, kept_for, clock.now())
    async with service.background_database.transaction() as tx:
        practice = await erase_practice_parcels(tx, kept_for, clock.now())
    async with service.background_database.transaction() as tx:
        shops = await erase_closed_shops(tx, service.outbox, kept_for, clock.now())
    async with service.background_database.transaction() as tx:
        refunds = await erase_refund_reasons(tx, kept_for, clock.now())
    async with service.background_database.transaction() as tx:
        words = await forget_words(tx, kept_for, clock.now())
        words += await forget_lateness(tx, kept_for, clock.now())
    async with service.background_database.transaction() as tx:
        of_claims = await forget_claim_words(tx, kept_for, clock.now())
    erased = {
        "parcels": parcels,
        "items_from_abroad": items,
        "practice_parcels": practice,
        "of_shops": shops,
        "refunds": refunds,
        "words_of_the_ledger": words,
        "words_of_claims": of_claims,
    }
    if any(erased.values()):
        log.info("people erased", **erased)
    return any(erased.values())


async def _publish(service: Service, signing_key: SigningKey) -> bool:
    async with service.database.transaction() as tx:
        await publish_signing_key(tx, service.outbox, signing_key)
    return False

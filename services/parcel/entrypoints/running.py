"""What lives beside the parcel service's pool and loops: numbers at hand, the registrar, the signing key."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI, Request

from services.parcel.entrypoints.item_numbers import ItemNumbers
from services.parcel.entrypoints.registrar import Registrar
from services.parcel.store import requests
from services.parcel.use_cases.publish_signing_key import publish_signing_key
from shared.access.passphrases import Passphrases
from shared.access.tokens import SigningKey
from shared.db.connection import TRANSIENT, Database
from shared.errors import PostError
from shared.loops import Loop
from shared.web.service import Service

GIVEN_BACK_WITHIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Running:
    """Parts that requests of the parcel service use."""

    item_numbers: ItemNumbers
    registrar: Registrar
    passphrases: Passphrases
    signing_key: SigningKey


@asynccontextmanager
async def beside(app: FastAPI, service: Service, signing_key: SigningKey) -> AsyncIterator[None]:
    """Hold the parts while the service runs; registrations already taken are answered before it stops."""
    registrar = Registrar(service.database, service.outbox)
    passphrases = Passphrases()
    item_numbers = ItemNumbers(service.database)
    app.state.running = Running(item_numbers, registrar, passphrases, signing_key)
    writing = asyncio.create_task(registrar.run())
    try:
        yield
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        passphrases.close()
        with suppress(PostError, *TRANSIENT):
            await asyncio.wait_for(item_numbers.give_back(), GIVEN_BACK_WITHIN_S)


def loops(signing_key: SigningKey, service: Service) -> list[Loop]:
    """Return the parcel service's own loops."""
    return [
        Loop("signing key", partial(_publish, service, signing_key), pause_s=60.0),
        Loop("old requests", partial(_drop_old_requests, service.database), pause_s=3600.0),
    ]


async def running_of(request: Request) -> Running:
    """Return the parts that a request needs."""
    running: Running = request.app.state.running
    return running


async def _drop_old_requests(database: Database) -> bool:
    async with database.connection() as connection:
        await requests.drop_old(connection)
    return False


async def _publish(service: Service, signing_key: SigningKey) -> bool:
    async with service.database.transaction() as tx:
        await publish_signing_key(tx, service.outbox, signing_key)
    return False

"""A counter at the parcel service's application, in this process: a registration goes the whole way of a request.

Nothing runs beside it but what writes registrations: what its database counts is theirs alone.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
import httpx

from bench.sample_parcel import OFFICE, key
from bench.simulated_bodies import body
from onebox.postgres.databases import ServiceDatabase
from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.main import build
from services.parcel.settings import ParcelSettings
from services.parcel.setup.entrypoints.samples import load
from shared.access.tokens import new_signing_key_pem
from shared.db.connection import Database
from shared.s10 import ItemNumber
from shared.sealing import new_ring_file
from shared.web.service import assemble
from tests.system.stack import PASSPHRASE

POOL_SIZE = 4
FIRST_SERIAL = 10_000_000
URL = "http://post.example"


class NumbersAtHand:
    """Numbers that nobody has to lease: what leasing costs is counted by itself."""

    def __init__(self) -> None:
        self._serials = count(FIRST_SERIAL)

    async def take(self, _office: str, indicator: str) -> ItemNumber:
        """Return the next number."""
        return ItemNumber(indicator, next(self._serials), DOMESTIC)


@dataclass(frozen=True, slots=True)
class Counter:
    """A clerk who has signed in."""

    http: httpx.AsyncClient
    database: Database

    async def register(self, serial: int) -> None:
        """Register the parcel that has this place among all.

        Raises: AssertionError, where it is not answered 201.
        """
        headers = {"Idempotency-Key": key(serial), "Content-Type": "application/json"}
        answer = await self.http.post("/parcels", content=body(serial), headers=headers)
        assert answer.status_code == 201, answer.text


@asynccontextmanager
async def counter(lent: ServiceDatabase, folder: Path) -> AsyncIterator[Counter]:
    """Open a counter on a fresh database; the outbox is empty again when its clerk has signed in."""
    await load(lent.service_url, PASSPHRASE)
    database = await Database.open(lent.service_url, pool_size=POOL_SIZE, application="bench")
    app = build(_settings(lent, folder))
    service = app.state.service = assemble(app.state.plan, database, database)
    try:
        async with (
            app.state.plan.beside(app, service),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as http,
        ):
            app.state.item_numbers = NumbersAtHand()
            await service.directory.refresh(database)
            http.headers["Authorization"] = f"Bearer {await _token(http)}"
            await _empty_outbox(lent)
            yield Counter(http, database)
    finally:
        await database.close()


def _settings(lent: ServiceDatabase, folder: Path) -> ParcelSettings:
    signing_key, key_ring = folder / "signing-key.pem", folder / "key-ring.json"
    signing_key.write_bytes(new_signing_key_pem())
    key_ring.write_text(new_ring_file())
    return ParcelSettings.model_validate(
        {"database_url": lent.service_url, "signing_key_file": signing_key, "key_ring_file": key_ring}
    )


async def _token(http: httpx.AsyncClient) -> str:
    answer = await http.post("/sessions", json={"name": f"clerk-{OFFICE.lower()}", "passphrase": PASSPHRASE})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


async def _empty_outbox(lent: ServiceDatabase) -> None:
    """Take away what loading the samples told."""
    connection = await asyncpg.connect(lent.owner_url)
    try:
        await connection.execute("truncate outbox")
    finally:
        await connection.close()

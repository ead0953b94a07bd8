"""The three services in one process with all their background work, on real databases, with no broker to be reached."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.notifications import main as notifications
from services.notifications.settings import NotificationsSettings
from services.parcel import main as parcel
from services.parcel.numbers.store import numbers
from services.parcel.people.domain.trader import Identity, Member, Payout, Trader
from services.parcel.people.store import trader_members, traders
from services.parcel.settings import ParcelSettings
from services.tracking import main as tracking
from services.tracking.settings import TrackingSettings
from shared.access import directory
from shared.access.tokens import SigningKey, new_signing_key_pem
from shared.clock import now
from shared.db.connection import Database
from shared.sealing import new_ring_file
from shared.web.service import Service
from tests.access.signed_in import SHOPS, directory_entries, member_id, office_entry
from tests.contracts.declared import must_be_declared_by
from tests.parcel.bodies import AWAY, HOME
from tests.support import databases
from tests.support.addresses import Addresses
from tests.support.waiting import until

NOBODY_LISTENS = "127.0.0.1:1"
IN_ANOTHER_DISTRICT = office_entry(AWAY, 2).model_copy(update={"district_code": "2102"})
SERVICES = ("parcel", "tracking", "notifications")
# The library drops a producer whose start failed without closing it, and says so; it holds nothing open.
without_broker = pytest.mark.filterwarnings("ignore:Unclosed AIOKafkaProducer:ResourceWarning")


@dataclass(frozen=True)
class Post:
    """The services as they run, a client for each, and the key that signs tokens."""

    apps: dict[str, FastAPI]
    clients: dict[str, httpx.AsyncClient]
    key: SigningKey

    def service(self, name: str) -> Service:
        """Return what a running service holds."""
        service: Service = self.apps[name].state.service
        return service

    async def _is_findable(self) -> bool:
        """Tell whether the loops that make parcels and items findable, and import files, have nothing left to write."""
        async with self.service("parcel").database.connection() as connection:
            return not await connection.fetchval(
                "select exists (select from parcel where not in_search)"
                " or exists (select from inbound_item where terms is null)"
                " or exists (select from draft_import where state in ('reading', 'checking', 'importing'))"
            )

    async def digest(self, name: str) -> dict[str, str]:
        """Return the digest of each table of a service, to see whether anything changed."""
        if name == "parcel":
            await until(self._is_findable, FOUND_WITHIN_S)
        async with self.service(name).database.connection() as connection:
            tables = await connection.fetch(
                "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
                " and relnamespace = 'public'::regnamespace order by relname"
            )
            digests = {}
            for (table,) in tables:
                rows = await connection.fetch(f'select t::text as row from "{table}" as t order by 1')
                digests[table] = hashlib.sha256("\n".join(row["row"] for row in rows).encode()).hexdigest()
        return digests


FOUND_WITHIN_S = 15.0


@asynccontextmanager
async def running_post(
    servers: Addresses, folder: Path, settings: Mapping[str, object] | None = None
) -> AsyncIterator[Post]:
    """Run the three services; each knows the offices, the key and the people before its first request.

    More settings may be given that all of them have.
    """
    (folder / "signing-key.pem").write_bytes(new_signing_key_pem())
    (folder / "key-ring.json").write_text(new_ring_file())
    key = SigningKey.read((folder / "signing-key.pem").read_bytes())
    async with AsyncExitStack() as stack:
        urls = {}
        for name in SERVICES:
            urls[name] = (await stack.enter_async_context(databases.fresh(servers, name))).service_url
            await _fill(urls[name], name, key)
        apps = _build(urls, folder, settings or {})
        clients = {}
        for name, app in apps.items():
            await stack.enter_async_context(app.router.lifespan_context(app))
            await app.state.service.directory.refresh(app.state.service.database)
            transport = httpx.ASGITransport(app)
            declared = {"response": [must_be_declared_by(name)]}
            client = httpx.AsyncClient(transport=transport, base_url="http://post.example", event_hooks=declared)
            clients[name] = await stack.enter_async_context(client)
        yield Post(apps, clients, key)


def shop(office: str) -> Trader:
    """Return the shop of an office, as the directory of the tests knows it."""
    return Trader(SHOPS[office], office, office, Identity("other", "1"), Payout("cash_at_office"), "tests", now())


def owner(office: str) -> Member:
    """Return the owner of the shop of an office."""
    phone = f"+855129990{(HOME, AWAY).index(office)}0"
    return Member(member_id(office), SHOPS[office], "Chan Sophea", phone, "km", "owner", now())


async def _fill(url: str, name: str, key: SigningKey) -> None:
    database = await Database.open(url, pool_size=1, application="tests")
    try:
        async with database.transaction() as tx:
            await directory.keep(tx, [*directory_entries(key), IN_ANOTHER_DISTRICT])
            if name == "parcel":
                for indicator in ("PD", "CP"):
                    await numbers.grant(tx, indicator, 10_000_000, 99_999_999, provisional=True)
                for office in (HOME, AWAY):
                    await traders.add(tx, shop(office))
                    await trader_members.add(tx, owner(office))
    finally:
        await database.close()


def _build(urls: dict[str, str], folder: Path, settings: Mapping[str, object]) -> dict[str, FastAPI]:
    common = {
        "kafka_bootstrap": NOBODY_LISTENS,
        "database_pool_size": 5,
        "key_ring_file": folder / "key-ring.json",
        **settings,
    }
    key_file = folder / "signing-key.pem"
    return {
        "parcel": parcel.build(
            ParcelSettings.model_validate(
                common
                | {
                    "database_url": urls["parcel"],
                    "signing_key_file": key_file,
                    "khqr_account": "ctc_post@bank",
                }
            )
        ),
        "tracking": tracking.build(TrackingSettings.model_validate(common | {"database_url": urls["tracking"]})),
        "notifications": notifications.build(
            NotificationsSettings.model_validate(
                common | {"database_url": SecretStr(urls["notifications"]), "development_channel": True}
            )
        ),
    }

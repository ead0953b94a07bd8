"""The life of a service: what it holds while it runs, started and stopped with its HTTP application."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import asyncpg
import structlog
from fastapi import APIRouter, FastAPI, Request
from prometheus_client import CollectorRegistry

from shared.access import directory
from shared.access.directory import Directory
from shared.contracts.envelope import Event
from shared.db.connection import TRANSIENT, Database
from shared.errors import PostError
from shared.loops import Loop, run_forever
from shared.messaging import broker, housekeeping
from shared.messaging.consume import Consumer, Handler
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from shared.messaging.relay import Relay
from shared.sealing import KeyRing
from shared.settings import ServiceSettings
from shared.web import tracing
from shared.web.quotas import Quotas

log = structlog.get_logger()

HEARD_WITHIN_S = 2.0
BACKGROUND_POOL_SIZE = 4
SHARED_MIGRATIONS = (
    Path(__file__).parents[1] / "messaging" / "migrations",
    Path(__file__).parents[1] / "access" / "migrations",
)


@dataclass(slots=True)
class Service:
    """What one running service holds; endpoints reach it through `service_of`."""

    name: str
    settings: ServiceSettings
    database: Database
    """For requests."""
    background_database: Database
    """For what runs beside requests: however many of those wait, events are applied and figures taken."""
    outbox: Outbox
    directory: Directory
    quotas: Quotas
    measures: Measures
    relay: Relay
    consumer: Consumer | None = None
    subscription: broker.Subscription | None = None
    background: "asyncio.Task[None] | None" = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What makes one service different from the others."""

    name: str
    title: str
    settings: ServiceSettings
    migrations: Path
    routers: Sequence[APIRouter]
    handlers: Callable[[Service], Mapping[type[Event], Handler]]
    loops: Callable[[Service], Sequence[Loop]] = lambda _service: ()
    beside: Callable[[FastAPI, Service], AbstractAsyncContextManager[object]] = lambda _app, _service: nullcontext()
    """What else lives as long as the service; entered before requests come, left after the last one."""
    refusals: Path | None = None
    """What each route may refuse, for the description of the API."""
    copies_directory: bool = True
    """False for the service that owns the directory."""
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    @property
    def migration_folders(self) -> list[Path]:
        """Return the folders whose files make this service's schema."""
        return [*SHARED_MIGRATIONS, self.migrations]


async def service_of(request: Request) -> Service:
    """Return the running service that a request came to."""
    service: Service = request.app.state.service
    return service


@asynccontextmanager
async def running(app: FastAPI, plan: Plan) -> AsyncIterator[None]:
    """Run a service while its application lives; a database or broker that is down does not stop it."""
    structlog.contextvars.bind_contextvars(service=plan.name)
    url = plan.settings.database_url.get_secret_value()
    database = await Database.open(url, pool_size=plan.settings.database_pool_size, application=plan.name)
    background = await Database.open(url, pool_size=BACKGROUND_POOL_SIZE, application=f"{plan.name}-background")
    service = assemble(plan, database, background)
    app.state.service = service
    try:
        async with plan.beside(app, service):
            await _hear_of_people(service)
            service.background = asyncio.create_task(_background(plan, service))
            service.background.add_done_callback(_say_why)
            log.info("service started")
            try:
                yield
            finally:
                await _end(service.background, plan.settings.stop_within_s)
    finally:
        await asyncio.gather(database.close(), background.close())
        log.info("service stopped")


async def _hear_of_people(service: Service) -> None:
    """Read the directory before the first request comes, which would be refused although its sender is known."""
    try:
        async with asyncio.timeout(HEARD_WITHIN_S):
            await service.directory.refresh(service.database)
    except (PostError, asyncpg.PostgresError, *TRANSIENT) as error:
        log.warning("directory not read", error=type(error).__name__)


async def _end(background: "asyncio.Task[None]", within_s: float) -> None:
    background.cancel()
    await asyncio.wait([background], timeout=within_s)


def _say_why(background: "asyncio.Task[None]") -> None:
    """Log what ended relay, subscription and loops, which nothing but a stop should; the service then is not live."""
    if not background.cancelled() and (error := background.exception()):
        log.error("background ended", exc_info=error)


def assemble(plan: Plan, database: Database, background: Database) -> Service:
    """Put a service together around its open pools; nothing runs yet."""
    settings, measures = plan.settings, Measures(plan.registry)
    key_ring = KeyRing.read(settings.key_ring_file) if settings.key_ring_file else None
    outbox = Outbox(plan.name, key_ring)
    connect = partial(broker.connect, settings.kafka_bootstrap, plan.name)
    relay = Relay(settings.database_url.get_secret_value(), outbox, connect, measures)
    quotas = Quotas(settings.requests_a_minute)
    service = Service(plan.name, settings, database, background, outbox, Directory(), quotas, measures, relay)
    handlers = dict(plan.handlers(service))
    if plan.copies_directory:
        handlers = {**dict.fromkeys(directory.EVENTS, directory.keep), **handlers}
    service.consumer = Consumer(
        plan.name, background, handlers, measures, key_ring, tracing.batch_span(plan.name, settings)
    )
    service.subscription = broker.Subscription(connect(), service.consumer, measures)
    return service


async def _background(plan: Plan, service: Service) -> None:
    assert service.consumer is not None
    assert service.subscription is not None
    database = service.background_database
    loops = [
        Loop("directory", partial(service.directory.refresh, database), pause_s=1.0),
        Loop("partitions", partial(housekeeping.turn_partitions, database), pause_s=3600.0),
        Loop("measures", partial(housekeeping.measure, database, service.measures), pause_s=5.0),
        Loop("replay", service.consumer.replay, pause_s=2.0),
        *plan.loops(service),
    ]
    async with asyncio.TaskGroup() as group:
        group.create_task(service.relay.run())
        group.create_task(service.subscription.run())
        for loop in loops:
            group.create_task(run_forever(loop))

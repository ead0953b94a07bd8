"""`make up`: the whole post office on one machine, from nothing to an address to open."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from onebox import configuration, ports, run_lock
from onebox.configuration import SERVICES, Configuration, DatabaseUrls
from onebox.errors import KAFKA_VARIABLE, CannotRun
from onebox.front_door import front_door
from onebox.postgres import databases
from onebox.servers import Running, servers
from services.notifications import main as notifications
from services.parcel import main as parcel
from services.parcel.setup.entrypoints.samples import load
from services.tracking import main as tracking
from shared.db.migrate import migrate
from shared.messaging.topics import create_topics
from shared.web.service import SHARED_MIGRATIONS

MIGRATIONS = {"parcel": parcel.MIGRATIONS, "tracking": tracking.MIGRATIONS, "notifications": notifications.MIGRATIONS}
STARTED_WITHIN_S = 30.0

Progress = Callable[[str], None]


class ServicesFailed(CannotRun):
    """The services did not come up."""

    def __init__(self, state: Path) -> None:
        super().__init__(f"The services did not start: the last lines of {state / 'logs' / 'services.log'} say why.")


@dataclass(frozen=True, slots=True)
class Door:
    """Where the front door opens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://{self.host}:{self.port}"


async def up(state: Path, door: Door, progress: Progress) -> None:
    """Run until a signal comes; then stop the services first, the servers last.

    Raises: CannotRun, with a sentence that says what to do.
    """
    started = time.monotonic()
    if run_lock.holder(state) is None:
        ports.require_free(door.port, "the front door (CTCPOST_PORT)")
    signals = _Signals()
    async with prepared(state, progress) as (running, settings):
        server = _Server(settings, door)
        serving = asyncio.create_task(server.serve())
        signals.stop_from_now_on(server)
        await _until_started(server, serving, state)
        running.lock.tell(door.url)
        progress(f"Ready after {time.monotonic() - started:.1f} s.")
        _say_where(state, door, progress)
        await serving
        progress("The services have stopped.")
    progress("Stopped; the data are kept.")


@asynccontextmanager
async def prepared(state: Path, progress: Progress) -> AsyncIterator[tuple[Running, Configuration]]:
    """Bring servers, databases, topics and samples to where the services can start."""
    outside = configuration.named_outside()
    kafka = os.environ.get(KAFKA_VARIABLE)
    async with servers(state, progress, kafka_bootstrap=kafka, own_postgres=outside is None) as running:
        urls = outside or await _own_databases(running, state)
        configuration.write_down(state, urls)
        settings = configuration.configure(state, running.kafka_bootstrap, urls)
        progress("Migrating three databases, creating the topics")
        await asyncio.gather(
            create_topics(running.kafka_bootstrap),
            *(migrate(urls[name].owner, [*SHARED_MIGRATIONS, MIGRATIONS[name]]) for name in SERVICES),
        )
        added = await load(urls["parcel"].service, configuration.sample_passphrase(state))
        if added:
            progress(f"Loaded sample places, number ranges and {len(added)} sample staff")
        yield running, settings


async def _own_databases(running: Running, state: Path) -> dict[str, DatabaseUrls]:
    assert running.postgres is not None
    made = await databases.create(running.postgres.admin_url, SERVICES, state / "secrets")
    return {name: DatabaseUrls(one.owner_url, one.service_url) for name, one in made.items()}


class _Server(uvicorn.Server):
    """The front door's server; signals are ours, because the servers must stop after it and not with it."""

    def __init__(self, settings: Configuration, door: Door) -> None:
        apps = {
            "parcel": parcel.build(settings.parcel),
            "tracking": tracking.build(settings.tracking),
            "notifications": notifications.build(settings.notifications),
        }
        config = uvicorn.Config(
            front_door(apps),
            host=door.host,
            port=door.port,
            loop="uvloop",
            http="httptools",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=int(settings.parcel.stop_within_s),
        )
        super().__init__(config)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class _Signals:
    """What a signal does: it ends the start or, once the services run, lets them finish."""

    def __init__(self) -> None:
        self._starting = asyncio.current_task()
        self._server: uvicorn.Server | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)

    def stop_from_now_on(self, server: uvicorn.Server) -> None:
        """Let the next signal stop a server."""
        self._server = server

    def _stop(self) -> None:
        if self._server:
            self._server.should_exit = True
        elif self._starting:
            self._starting.cancel()


async def _until_started(server: uvicorn.Server, serving: "asyncio.Task[None]", state: Path) -> None:
    async with asyncio.timeout(STARTED_WITHIN_S):
        while not server.started and not serving.done():
            await asyncio.sleep(0.05)
    if serving.done():
        await serving
        raise ServicesFailed(state)


def _say_where(state: Path, door: Door, progress: Progress) -> None:
    progress("")
    progress(f"  Front door        {door.url}/")
    progress(f"  Follow a parcel   {door.url}/tracking/")
    progress(f"  Messages          {door.url}/notifications/inbox")
    progress(f"  API descriptions  {door.url}/{{parcel,tracking,notifications}}/openapi.json")
    progress(f"  Sign in as        clerk-tk02a (or admin), passphrase {configuration.sample_passphrase(state)}")
    progress(f"  Logs              {state / 'logs' / 'services.log'}")
    progress("")
    progress("Next, in another terminal: make demo. Ctrl-C stops everything; the data stay.")

"""What every test may ask for: servers, and a database of its own for each service."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from xdist.remote import Producer

from shared.db.connection import Database
from tests.support import databases, kept_servers
from tests.support.addresses import ROOT, Addresses
from tests.support.scheduling import FilesTogether
from tests.support.servers import described

SYSTEM_TESTS = ROOT / "tests" / "system"
SERVER_FIXTURES = {"servers", "lasting_servers"}


def pytest_configure(config: pytest.Config) -> None:
    # The library draws each traceback with all local variables, which takes seconds, and nobody reads it.
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
    if not _is_worker(config):
        kept_servers.open_session()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        kept_servers.close_session()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesTogether:
    return FilesTogether(config, log)


def pytest_report_header() -> str:
    return f"servers: {described()}"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    # Modules and tests live to the end: to look for garbage among them, now and later, finds nothing and takes seconds.
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("servers")
        if "fault_servers" in getattr(item, "fixturenames", ()):
            item.add_marker("faults")
        if item.path.is_relative_to(SYSTEM_TESTS):
            item.add_marker("system")


@pytest.fixture(scope="session")
def servers() -> Addresses:
    """Servers for tests of code: quick, a crash would lose what they acknowledged."""
    return kept_servers.addresses("quick")


@pytest.fixture(scope="session")
def lasting_servers() -> Addresses:
    """Servers for tests of the whole and of faults: as durable as in production."""
    return kept_servers.addresses("lasting")


@pytest.fixture
def kafka_bootstrap(servers: Addresses) -> str:
    return servers.kafka_bootstrap


@pytest.fixture
async def parcel_db(servers: Addresses) -> AsyncIterator[Database]:
    async with databases.opened(servers, "parcel") as database:
        yield database


@pytest.fixture
async def tracking_db(servers: Addresses) -> AsyncIterator[Database]:
    async with databases.opened(servers, "tracking") as database:
        yield database


@pytest.fixture
async def notifications_db(servers: Addresses) -> AsyncIterator[Database]:
    async with databases.opened(servers, "notifications") as database:
        yield database


@pytest.fixture
def notifications_database(notifications_db: Database) -> Database:
    return notifications_db


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")

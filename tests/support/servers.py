"""The servers that tests run on: those the environment names, else containers, else the embedded ones."""

import functools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from onebox.servers import LASTING, QUICK, Flavour, servers
from tests.support import containers
from tests.support.addresses import ROOT, Addresses

POSTGRES_VARIABLE = "CTCPOST_TEST_POSTGRES_URL"
KAFKA_VARIABLE = "CTCPOST_TEST_KAFKA"
FLAVOURS: dict[str, Flavour] = {"quick": QUICK, "lasting": LASTING}


def described() -> str:
    """Say in one line which servers the tests of this run use."""
    postgres, kafka = os.environ.get(POSTGRES_VARIABLE), os.environ.get(KAFKA_VARIABLE)
    rest = "containers" if _why_no_containers() is None else f"embedded ({_why_no_containers()})"
    if postgres and kafka:
        return "PostgreSQL and Kafka from the environment"
    if postgres:
        return f"PostgreSQL from the environment, Kafka {rest}"
    if kafka:
        return f"Kafka from the environment, PostgreSQL {rest}"
    return f"PostgreSQL and Kafka {rest}"


@asynccontextmanager
async def running(folder: Path, flavour: str) -> AsyncIterator[Addresses]:
    """Start what the environment does not name; it stops when the block ends."""
    postgres, kafka = os.environ.get(POSTGRES_VARIABLE), os.environ.get(KAFKA_VARIABLE)
    if postgres and kafka:
        yield Addresses(postgres, kafka)
    elif _why_no_containers() is None:
        with containers.running(postgres, kafka) as addresses:
            yield addresses
    else:
        async with servers(
            folder / "state",
            print,
            kafka_bootstrap=kafka,
            own_postgres=postgres is None,
            kafka_home=ROOT / ".local" / "kafka",
            flavour=FLAVOURS[flavour],
        ) as embedded:
            own = embedded.postgres.admin_url if embedded.postgres else ""
            yield Addresses(postgres or own, embedded.kafka_bootstrap)


@functools.cache
def _why_no_containers() -> str | None:
    return containers.why_not()

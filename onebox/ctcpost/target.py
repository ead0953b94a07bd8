"""Which service a command speaks to, and the way to its database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from onebox import configuration
from shared.db.connection import Database, Tx


class ServiceName(StrEnum):
    """The services."""

    PARCEL = "parcel"
    TRACKING = "tracking"
    NOTIFICATIONS = "notifications"


LOCAL = Path(".local")
State = Annotated[
    Path,
    typer.Option(envvar="CTCPOST_STATE", help="State folder of `make up`, unless the environment names databases."),
]
Json = Annotated[bool, typer.Option("--json", help="Print data instead of text.")]


@asynccontextmanager
async def transaction(service: ServiceName, state: Path) -> AsyncIterator[Tx]:
    """Open a transaction in a service's database: the one the environment names, else that of `make up`.

    Raises: CannotRun, if neither is there.
    """
    urls = configuration.named_outside() or configuration.written_down(state)
    database = await Database.open(urls[service].service, pool_size=1, application="ctcpost")
    try:
        async with database.transaction() as tx:
            yield tx
    finally:
        await database.close()

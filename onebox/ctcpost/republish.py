"""`ctcpost republish`: topics filled again from what the databases hold, after a broker lost some of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from onebox.ctcpost.target import LOCAL, ServiceName, State, transaction
from services.parcel.customs.use_cases.republish_advance_data import republish_advance_data
from services.parcel.customs.use_cases.republish_charges import republish_charges
from services.parcel.customs.use_cases.republish_inbound_contacts import republish_inbound_contacts
from services.parcel.people.use_cases.republish_directory import republish_directory
from services.parcel.posting.use_cases.republish_contacts import republish_contacts
from shared import clock
from shared.contracts.topics import TOPICS
from shared.db.connection import Tx
from shared.messaging import outbox
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing

Moment = Annotated[datetime, typer.Option(formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"], help="UTC.")]
RING = Annotated[
    Path | None, typer.Option(envvar="PARCEL_KEY_RING_FILE", help="Key ring of the sealed topics, for --current.")
]


FROM_CURRENT_ROWS: Mapping[str, Callable[[Tx, Outbox, str], Awaitable[str | None]]] = {
    "Contacts of parcels": republish_contacts,
    "Contacts of items from abroad": republish_inbound_contacts,
    "Charges of items from abroad": republish_charges,
    "Completed advance data": republish_advance_data,
}
"""In portions; each tells where the next one begins, or None behind the last."""


def republish(
    service: ServiceName,
    since: Moment,
    until: Annotated[datetime | None, typer.Option(help="UTC; now if left out.")] = None,
    current: Annotated[
        bool,
        typer.Option("--current", help="Also compacted topics, and what holds items at the border, from current rows."),
    ] = False,
    key_ring: RING = None,
    state: State = LOCAL,
) -> None:
    """Send a range of the outbox again (it reaches back seven days); consumers drop what they know.

    Codes are never sent again. Example: ctcpost republish parcel --since 2026-11-20 --current
    """
    end = (until or clock.now()).replace(tzinfo=UTC)
    count = asyncio.run(_send_again(service, state, since.replace(tzinfo=UTC), end))
    typer.echo(f"{count} events of {service} go out again.")
    if current and service is ServiceName.PARCEL:
        ring = key_ring or state / "secrets" / "key-ring.json"
        asyncio.run(_send_current(state, Outbox("parcel", KeyRing.read(ring))))


async def _send_again(service: ServiceName, state: Path, since: datetime, until: datetime) -> int:
    topics = [topic.name for topic in TOPICS if topic.refill == "from outbox"]
    async with transaction(service, state) as tx:
        return await outbox.make_unsent(tx, since, until, topics)


async def _send_current(state: Path, box: Outbox) -> None:
    async with transaction(ServiceName.PARCEL, state) as tx:
        entries = await republish_directory(tx, box)
    typer.echo(f"{entries} entries of the directory go out again.")
    for what, republish_portion in FROM_CURRENT_ROWS.items():
        after: str | None = ""
        portions = 0
        while after is not None:
            async with transaction(ServiceName.PARCEL, state) as tx:
                after = await republish_portion(tx, box, after)
            portions += 1
            typer.echo(f"{what}: portion {portions}, up to {after or 'the last'}.")

"""Sign-in codes for the tests of notifications, and questions about them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import CollectorRegistry

from services.notifications.channels.channel import Channel
from services.notifications.domain.code_wording import CodeTexts
from services.notifications.domain.message import ChannelName
from services.notifications.entrypoints.code_sender import CodeSender
from services.notifications.entrypoints.measures import MessageMeasures
from services.notifications.entrypoints.sender import Pace
from services.notifications.use_cases.queue_codes import queue_codes
from shared.clock import now
from shared.contracts.parcel import SignInCodeV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox

CODE = "904817"
PHONE = "+85512987654"
TEXTS = CodeTexts.read()


def asked(request_id: str = "request", *, at: datetime | None = None, **values: Any) -> SignInCodeV1:
    """Tell of a code that a member asked for, now or at a time."""
    made_at = at or now()
    told = {"phone": PHONE, "language": "en", "code": CODE, "expires_at": made_at + timedelta(minutes=5)} | values
    return SignInCodeV1(request_id=request_id, time=made_at, **told)


async def queue(database: Database, *told: SignInCodeV1) -> None:
    """Have codes sent."""
    async with database.transaction() as tx:
        await queue_codes(tx, told, now())


def code_sender(
    database: Database, channels: Mapping[ChannelName, Channel], *, batch: int = 8, within_s: float = 5
) -> CodeSender:
    """Return a sender of codes by these channels."""
    return CodeSender(
        database=database,
        outbox=Outbox("notifications"),
        channels=channels,
        texts=TEXTS,
        pace=Pace(batch=batch, at_once=batch, within_s=within_s, lease=timedelta(seconds=within_s + 5)),
        measures=MessageMeasures(CollectorRegistry()),
    )


async def code_states(database: Database) -> dict[str, tuple[str, int]]:
    """Return state and tries of each code by its request."""
    async with database.connection() as tx:
        records = await tx.fetch("select request_id, state, attempts from message where request_id is not null")
    return {record["request_id"]: (record["state"], record["attempts"]) for record in records}


async def kept_codes(database: Database) -> int:
    """Return how many codes stand in the database."""
    async with database.connection() as tx:
        return int(await tx.fetchval("select count(*) from code_to_send"))


async def everything(database: Database) -> str:
    """Return every row of every table but the development inbox, as text."""
    async with database.connection() as tx:
        tables = await tx.fetch(
            "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
            " and relnamespace = 'public'::regnamespace and relname <> 'development_inbox'"
        )
        rows = [row[0] for table in tables for row in await tx.fetch(f"select t::text from {table[0]} t")]
        payloads = [row[0] for row in await tx.fetch("select convert_from(payload, 'utf8') from outbox")]
    return "\n".join(rows + payloads)

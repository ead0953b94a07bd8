"""Events, channels and questions for the tests of notifications."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from services.notifications.channels.channel import Outgoing
from services.notifications.channels.written import Written
from services.notifications.domain.message import AnyMessage, ChannelName, Message
from services.notifications.domain.outcome import Accepted, Outcome
from services.notifications.domain.wording import CHANNELS, Texts
from services.notifications.use_cases.claim_due_messages import claim_due_messages
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.deliver_messages import deliver_messages
from services.notifications.use_cases.record_outcomes import record_outcomes
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.remember_parcels import remember_parcels
from shared.contracts.directory import OfficeV1
from shared.contracts.parcel import Contact, ParcelContactsV1, ParcelRegisteredV1
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber

NUMBER = "RR473124829GB"
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""Noon in Phnom Penh."""
LEASE = timedelta(seconds=30)
TEXTS = Texts.read()
SENDER_PHONE = "+85512345678"
RECIPIENT_PHONE = "+855971234567"
OFFICES = {
    code: OfficeV1(
        office=code,
        name_km=name_km,
        name_en=name_en,
        office_kind="ctc",
        district_code="2102",
        sample=True,
        version=1,
    )
    for code, name_km, name_en in (("TK01", "ស៊ីធីស៊ី ដូនកែវ", "CTC Doun Kaev"), ("TK02", "ស៊ីធីស៊ី បាទី", "CTC Bati"))
}


def number(serial: int) -> str:
    """Return the item number of a serial."""
    return str(ItemNumber("CT", serial, "KH"))


def contacts(item_number: str = NUMBER, *, version: int = 1, **recipient: Any) -> ParcelContactsV1:
    """Tell of Chan Sokha, who sends to Sok Dara; the recipient's fields may be given."""
    told = {"name": "Sok Dara", "phone": RECIPIENT_PHONE, "language": "en"} | recipient
    return ParcelContactsV1(
        item_number=item_number,
        version=version,
        sender=Contact(name="ចាន់ សុខា", phone=SENDER_PHONE, language="km"),
        recipient=Contact(**told),
        link_secret="s" * 22,
    )


def registered(
    item_number: str = NUMBER,
    *,
    version: int = 1,
    collecting_office: str | None = "TK02",
    door_delivery: bool = False,
) -> ParcelRegisteredV1:
    """Tell of a domestic parcel from TK01."""
    return ParcelRegisteredV1(
        item_number=item_number,
        version=version,
        office="TK01",
        service="parcel",
        destination_country="KH",
        collecting_office=collecting_office,
        weight_g=1200,
        registered_at=NOON,
        link_secret_sha256="ab" * 32,
        door_delivery=door_delivery,
    )


def moved(
    state: CustomerState,
    item_number: str = NUMBER,
    *,
    journey_no: int = 1,
    at: datetime = NOON,
    office: str | None = "TK02",
) -> ParcelMovedV1:
    """Tell of a parcel's first time in a state."""
    return ParcelMovedV1(
        item_number=item_number,
        journey_no=journey_no,
        version=1,
        state=state,
        previous_state=None,
        first_time_in_state=True,
        event_code="EDH",
        office=office,
        occurred_at=at,
        reason=None,
        time=at,
    )


class ScriptedChannel:
    """A channel that answers as told and keeps what it was given."""

    def __init__(self, name: ChannelName, answer: Callable[[Outgoing], Outcome], *, deduplicates: bool = False) -> None:
        self.name = name
        self.deduplicates = deduplicates
        self.given: list[Outgoing] = []
        self._answer = answer

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Answer as told."""
        self.given.append(outgoing)
        return self._answer(outgoing)


def scripted(
    answer: Callable[[Outgoing], Outcome] = lambda outgoing: Accepted(f"ref-{outgoing.message_id}"),
    *,
    deduplicates: bool = False,
) -> dict[ChannelName, ScriptedChannel]:
    """Return an SMS and a Telegram channel that both answer like this."""
    return {name: ScriptedChannel(name, answer, deduplicates=deduplicates) for name in CHANNELS}


async def prepare(
    database: Database, *moves: CustomerState, items: Sequence[str] = (NUMBER,), **recipient: Any
) -> None:
    """Tell all that is to know of some parcels, and that each came into these states at noon."""
    async with database.transaction() as tx:
        await remember_parcels(tx, [registered(item) for item in items])
        await remember_contacts(tx, [contacts(item, **recipient) for item in items], NOON)
        await decide_messages(tx, [moved(state, item) for item in items for state in moves], NOON)


def in_time(_message: AnyMessage) -> bool:
    """Say of any message that it is not late."""
    return False


async def claim(database: Database, now: datetime = NOON, limit: int = 100) -> Sequence[Written[Message]]:
    """Take what is due."""
    async with database.transaction() as tx:
        return await claim_due_messages(tx, TEXTS, OFFICES, limit, LEASE, now)


async def send_all(
    database: Database, channels: dict[ChannelName, ScriptedChannel], now: datetime = NOON
) -> list[AnyMessage]:
    """Claim, deliver and record one batch, as the loop does."""
    written = await claim(database, now)
    outcomes = await deliver_messages(written, channels, at_once=4, within_s=5, is_late=in_time)
    async with database.transaction() as tx:
        return await record_outcomes(tx, Outbox("notifications"), written, outcomes, channels, now)


async def states(database: Database, item_number: str = NUMBER) -> dict[tuple[str, str], str]:
    """Return the state of each message of a parcel by milestone and audience."""
    async with database.connection() as tx:
        records = await tx.fetch("select milestone, audience, state from message where item_number = $1", item_number)
    return {(record["milestone"], record["audience"]): record["state"] for record in records}


async def told_outcomes(database: Database) -> list[dict[str, Any]]:
    """Return the events in the outbox, oldest first."""
    async with database.connection() as tx:
        records = await tx.fetch("select payload from outbox order by id")
    return [orjson.loads(record["payload"]) for record in records]


async def attempts_of(database: Database, message_id: UUID) -> list[tuple[int, str | None]]:
    """Return number and outcome of each attempt."""
    async with database.connection() as tx:
        records = await tx.fetch(
            "select attempt_no, outcome from attempt where message_id = $1 order by attempt_no", message_id
        )
    return [(record["attempt_no"], record["outcome"]) for record in records]

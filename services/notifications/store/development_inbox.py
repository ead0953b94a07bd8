"""Table development_inbox: what phones would have shown, had the messages been sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.notifications.domain.facts import Language
from services.notifications.domain.message import ChannelName
from services.notifications.domain.milestones import Audience, Milestone
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Received:
    """One message on a phone, and what it was about; name and language are None where the contact is gone.

    A code is about no parcel; its item number is empty.
    """

    message_id: UUID
    phone: str
    channel: ChannelName
    body: str
    segments: int
    at: datetime
    received: int
    item_number: str
    milestone: Milestone
    audience: Audience
    name: str | None
    language: Language | None


async def put(
    tx: Tx, message_id: UUID, phone: str, channel: ChannelName, body: str, segments: int, at: datetime
) -> None:
    """Show a message on a phone; the same id again is counted and shown once."""
    await tx.execute(
        """
        insert into development_inbox (message_id, phone, channel, body, segments, at) values ($1, $2, $3, $4, $5, $6)
        on conflict (message_id) do update set received = development_inbox.received + 1
        """,
        message_id,
        phone,
        channel,
        body,
        segments,
        at,
    )


async def latest(tx: Tx, phone: str | None, item_number: str | None, limit: int) -> list[Received]:
    """Return the newest messages, newest first; None asks for any."""
    records = await tx.fetch(
        """
        select i.message_id, i.phone, i.channel, i.body, i.segments, i.at, i.received,
            coalesce(m.item_number, m.customs_item, '') as item_number,
            coalesce(m.milestone, 'sign_in_code') as milestone,
            case when m.customs_item is null then coalesce(m.audience, 'member') else 'recipient' end as audience,
            c.name, coalesce(c.language, m.language) as language
        from development_inbox i
        left join message m on m.message_id = i.message_id
        left join contact c on c.item_number = coalesce(m.item_number, m.customs_item)
            and c.audience = case when m.customs_item is null then m.audience else 'recipient' end
        where ($1::text is null or i.phone = $1)
            and ($2::text is null or m.item_number = $2 or m.customs_item = $2)
        order by i.at desc, i.message_id desc limit $3
        """,
        phone,
        item_number,
        limit,
    )
    return [_received(record) for record in records]


def _received(record: asyncpg.Record) -> Received:
    return Received(
        message_id=record["message_id"],
        phone=record["phone"],
        channel=record["channel"],
        body=record["body"],
        segments=record["segments"],
        at=record["at"],
        received=record["received"],
        item_number=record["item_number"],
        milestone=Milestone(record["milestone"]),
        audience=Audience(record["audience"]),
        name=record["name"],
        language=record["language"],
    )


async def forget(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Delete what was shown about parcels."""
    await tx.execute(
        """
        delete from development_inbox using message
        where development_inbox.message_id = message.message_id
            and (message.item_number = any($1::text[]) or message.customs_item = any($1::text[]))
        """,
        item_numbers,
    )

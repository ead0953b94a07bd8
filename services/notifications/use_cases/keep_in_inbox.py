"""A message reached the development inbox in place of a phone."""

from datetime import datetime

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.message import ChannelName
from services.notifications.domain.segments import measure
from services.notifications.store import development_inbox
from shared.db.connection import Tx


async def keep_in_inbox(tx: Tx, outgoing: Outgoing, channel: ChannelName, now: datetime) -> None:
    """Show a message on a phone; the same id again is only counted."""
    segments = measure(outgoing.body).segments if channel == "sms" else 1
    await development_inbox.put(tx, outgoing.message_id, outgoing.phone, channel, outgoing.body, segments, now)

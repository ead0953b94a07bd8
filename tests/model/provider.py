"""What a provider does with messages: takes them or not, says so or not, drops an id that it knows if it promised."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.message import ChannelName
from services.notifications.domain.outcome import Accepted, Outcome, Refused, Unknown
from tests.model.faults import Faults
from tests.model.loop import Loop


class Reply(StrEnum):
    """What becomes of the next message."""

    BUSY = "busy"
    NEVER = "never"
    VAGUE = "vague"
    """Not taken, and nobody knows."""
    VAGUE_YET_TAKEN = "vague-yet-taken"
    SILENT = "silent"
    SILENT_YET_TAKEN = "silent-yet-taken"
    RAISES_YET_TAKEN = "raises-yet-taken"


@dataclass(slots=True)
class Provider:
    """One channel and the phones behind it."""

    name: ChannelName
    faults: Faults
    replies: deque[Reply | None]
    on_ring: Callable[[Outgoing, datetime], None]
    """Sees each message that makes a phone ring, and when it was handed over."""
    deduplicates: bool = False
    rung: list[tuple[UUID, str]] = field(default_factory=list)
    """Each time that a phone rang: for which message, and whose it is."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Take a message, or not."""
        handed_over_at = cast("Loop", asyncio.get_running_loop()).now()
        trap = await self.faults.before(ConnectionResetError)
        reply = self.replies.popleft() if self.replies else None
        if reply in (None, Reply.VAGUE_YET_TAKEN, Reply.SILENT_YET_TAKEN, Reply.RAISES_YET_TAKEN):
            self._ring(outgoing, handed_over_at)
        await self.faults.after(trap, ConnectionResetError)
        match reply:
            case None:
                return Accepted(f"ref-{outgoing.message_id}")
            case Reply.BUSY:
                return Refused("busy", permanent=False)
            case Reply.NEVER:
                return Refused("no-such-phone", permanent=True)
            case Reply.VAGUE | Reply.VAGUE_YET_TAKEN:
                return Unknown("bad-gateway")
            case Reply.RAISES_YET_TAKEN:
                raise ConnectionResetError
            case Reply.SILENT | Reply.SILENT_YET_TAKEN:
                await asyncio.get_running_loop().create_future()
        raise AssertionError(reply)

    def _ring(self, outgoing: Outgoing, handed_over_at: datetime) -> None:
        if not (self.deduplicates and any(message_id == outgoing.message_id for message_id, _ in self.rung)):
            self.rung.append((outgoing.message_id, outgoing.phone))
            self.on_ring(outgoing, handed_over_at)

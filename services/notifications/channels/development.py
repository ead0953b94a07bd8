"""The development channel: nothing leaves the machine, a page shows what phones would have shown."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.message import ChannelName
from services.notifications.domain.outcome import Accepted, Outcome

Keep = Callable[[Outgoing, ChannelName], Awaitable[None]]
"""Shows a message on a phone in a transaction of its own; the same id again changes nothing that is seen."""


@dataclass(frozen=True, slots=True)
class DevelopmentChannel:
    """Stands in for one real channel."""

    name: ChannelName
    keep: Keep
    deduplicates: bool = True

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Show the message in the development inbox."""
        await self.keep(outgoing, self.name)
        return Accepted(f"development-{outgoing.message_id}")

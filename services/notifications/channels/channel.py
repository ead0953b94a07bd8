"""The ways to a phone: what each is given, and what it must be able to do."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from services.notifications.domain.message import ChannelName
from services.notifications.domain.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to go; phone is E.164, chat is set for Telegram. A body may hold a code: print none."""

    message_id: UUID
    phone: str = field(repr=False)
    chat: int | None
    body: str = field(repr=False)


class Channel(Protocol):
    """A provider; `deduplicates` means that it drops a message id which it has taken before."""

    @property
    def name(self) -> ChannelName:
        """Return what people know the channel as."""

    @property
    def deduplicates(self) -> bool:
        """Tell whether sending the same id twice is harmless."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Send once and say what came of it; what is raised counts as unknown."""

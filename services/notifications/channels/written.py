"""Something that was claimed, and what goes out for it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.message import ChannelName, Delivery

Sent_co = TypeVar("Sent_co", bound=Delivery, covariant=True)


@dataclass(frozen=True, slots=True)
class Written(Generic[Sent_co]):
    """A claimed message or code, its channel and its text."""

    message: Sent_co
    channel: ChannelName
    outgoing: Outgoing

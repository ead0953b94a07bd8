"""The events of the notifications service: what became of each message."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contracts.envelope import Event
from shared.contracts.items import ItemNumberText

TOPIC = "notifications.events"
OWNER = "notifications"

Audience = Literal["recipient", "sender"]
Channel = Literal["sms", "telegram"]
Outcome = Literal["accepted", "delivered", "failed", "expired", "unknown"]


class CodeSentV1(Event):
    """The outcome of one sign-in code; it holds neither phone nor code."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "code.sent.v1"
    owner: ClassVar[str] = OWNER

    request_id: str
    message_id: UUID
    channel: Channel | None
    """None where the code expired before a channel was chosen."""
    outcome: Outcome
    at: AwareDatetime

    @property
    def key(self) -> str:
        """Return the id of the request, which `parcel.codes` has as its key."""
        return self.request_id


class MessageSentV1(Event):
    """The outcome of one message; it names no person."""

    topic: ClassVar[str] = TOPIC
    type: ClassVar[str] = "message.sent.v1"
    owner: ClassVar[str] = OWNER

    item_number: ItemNumberText
    message_id: UUID
    milestone: str
    audience: Audience
    channel: Channel | None
    """None where the message ended before a channel was chosen."""
    outcome: Outcome
    at: AwareDatetime

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number

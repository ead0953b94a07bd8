"""Somebody looks at the messages of the development inbox."""

from dataclasses import dataclass

from services.notifications.domain.segments import Encoding, measure
from services.notifications.store import development_inbox
from services.notifications.store.development_inbox import Received
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as a phone shows it; encoding and units are None for what is no SMS."""

    received: Received
    encoding: Encoding | None
    units: int | None


async def show_inbox(tx: Tx, phone: str | None, item_number: str | None, limit: int) -> list[Bubble]:
    """Return the newest messages, oldest first."""
    newest = await development_inbox.latest(tx, phone, item_number, limit)
    return [_bubble(received) for received in reversed(newest)]


def _bubble(received: Received) -> Bubble:
    if received.channel != "sms":
        return Bubble(received, None, None)
    size = measure(received.body)
    return Bubble(received, size.encoding, size.units)

"""Somebody looks at the phones of the development inbox."""

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone with what came to it, oldest first; those who share it are all named."""

    number: str
    names: tuple[str, ...]
    bubbles: tuple[Bubble, ...]


async def show_inbox(tx: Tx, phone: str | None, item_number: str | None, limit: int) -> list[Bubble]:
    """Return the newest messages, oldest first."""
    newest = await development_inbox.latest(tx, phone, item_number, limit)
    return [_bubble(received) for received in reversed(newest)]


def phones(bubbles: Sequence[Bubble]) -> list[Phone]:
    """Sort messages into phones, the one with the latest news first."""
    by_number: dict[str, list[Bubble]] = {}
    for bubble in reversed(bubbles):
        by_number.setdefault(bubble.received.phone, []).append(bubble)
    return [_phone(number, list(reversed(newest_first))) for number, newest_first in by_number.items()]


def _phone(number: str, bubbles: Sequence[Bubble]) -> Phone:
    names = dict.fromkeys(bubble.received.name for bubble in bubbles if bubble.received.name)
    return Phone(number, tuple(names), tuple(bubbles))


def _bubble(received: Received) -> Bubble:
    if received.channel != "sms":
        return Bubble(received, None, None)
    size = measure(received.body)
    return Bubble(received, size.encoding, size.units)

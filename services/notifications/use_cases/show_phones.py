"""Somebody looks at the phones of the development inbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.notifications.store import telegram_links
from services.notifications.use_cases.show_inbox import Bubble, show_inbox
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone with what came to it, oldest first; those who share it are all named."""

    number: str
    names: tuple[str, ...]
    bubbles: tuple[Bubble, ...]
    linked: bool
    """Has a Telegram chat already."""


async def show_phones(tx: Tx, phone: str | None, item_number: str | None, limit: int) -> list[Phone]:
    """Return the phones that the newest messages came to, the one with the latest news first."""
    bubbles = await show_inbox(tx, phone, item_number, limit)
    return phones(bubbles, await telegram_links.linked_of(tx, [bubble.received.phone for bubble in bubbles]))


def phones(bubbles: Sequence[Bubble], linked: Collection[str]) -> list[Phone]:
    """Sort messages into phones, the one with the latest news first."""
    by_number: dict[str, list[Bubble]] = {}
    for bubble in reversed(bubbles):
        by_number.setdefault(bubble.received.phone, []).append(bubble)
    return [_phone(number, newest_first[::-1], number in linked) for number, newest_first in by_number.items()]


def _phone(number: str, bubbles: Sequence[Bubble], linked: bool) -> Phone:
    names = dict.fromkeys(bubble.received.name for bubble in bubbles if bubble.received.name)
    return Phone(number, tuple(names), tuple(bubbles), linked)

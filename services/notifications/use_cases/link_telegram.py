"""A person let the bot write to them."""

from datetime import datetime

from services.notifications.store import telegram_links
from shared.db.connection import Tx


async def link_telegram(tx: Tx, phone: str, chat: int, now: datetime) -> None:
    """Bind a phone to a chat; what is sent from now on goes there."""
    await telegram_links.save(tx, phone, chat, now)

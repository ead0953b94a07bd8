"""Table telegram_link: which phone has which Telegram chat."""

from datetime import datetime

from shared.db.connection import Tx


async def save(tx: Tx, phone: str, chat: int, now: datetime) -> None:
    """Bind a phone to a chat, in place of an earlier one."""
    await tx.execute(
        """
        insert into telegram_link (phone, chat, linked_at) values ($1, $2, $3)
        on conflict (phone) do update set chat = excluded.chat, linked_at = excluded.linked_at
        """,
        phone,
        chat,
        now,
    )

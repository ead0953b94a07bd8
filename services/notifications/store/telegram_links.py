"""Table telegram_link: which phone has which Telegram chat."""

from collections.abc import Sequence
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


async def linked_of(tx: Tx, phones: Sequence[str]) -> set[str]:
    """Return those of some phones that have a chat."""
    records = await tx.fetch("select phone from telegram_link where phone = any($1::text[])", phones)
    return {record["phone"] for record in records}

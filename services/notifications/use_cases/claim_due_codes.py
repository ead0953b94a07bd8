"""Codes wait to be sent: one sender takes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.notifications.channels.channel import Outgoing
from services.notifications.channels.written import Written
from services.notifications.domain.code_wording import CodeTexts
from services.notifications.domain.message import CodeMessage
from services.notifications.store import codes_to_send
from services.notifications.store.codes_to_send import ClaimedCode
from shared.db.connection import Tx


async def claim_due_codes(
    tx: Tx, texts: CodeTexts, limit: int, lease: timedelta, now: datetime
) -> Sequence[Written[CodeMessage]]:
    """Take codes under a lease and write each in its reader's language; locks their rows, skips locked ones."""
    claimed = await codes_to_send.claim(tx, limit, now, now + lease)
    return [_write(one, texts) for one in claimed]


def _write(claimed: ClaimedCode, texts: CodeTexts) -> Written[CodeMessage]:
    message = claimed.message
    channel = message.channel
    assert channel is not None
    chat = claimed.chat if channel == "telegram" else None
    body = texts.write(claimed.language, channel, claimed.code)
    return Written(message, channel, Outgoing(message.message_id, claimed.phone, chat, body))

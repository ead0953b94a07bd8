"""Some codes could not be sent in time."""

from datetime import datetime, timedelta

from services.notifications.domain.sign_in_code import CodeMessage
from services.notifications.store import code_messages
from services.notifications.use_cases.end_codes import end_codes
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

OUTCOME_KEPT_FOR = timedelta(days=30)


async def expire_codes(tx: Tx, outbox: Outbox, limit: int, now: datetime) -> list[CodeMessage]:
    """End what waited past its deadline, and drop outcomes that nobody asks for any more; returns the ended."""
    expired = await code_messages.expire(tx, limit, now)
    await end_codes(tx, outbox, expired, now)
    await code_messages.forget_older(tx, OUTCOME_KEPT_FOR, now)
    return expired

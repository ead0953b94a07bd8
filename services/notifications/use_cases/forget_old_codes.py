"""Nobody asks any more how some codes went."""

from datetime import datetime, timedelta

from services.notifications.store import messages
from shared.db.connection import Tx

OUTCOME_KEPT_FOR = timedelta(days=30)


async def forget_old_codes(tx: Tx, now: datetime) -> None:
    """Delete codes that ended a month ago; messages about parcels stay."""
    await messages.forget_codes(tx, OUTCOME_KEPT_FOR, now)

"""Answers are kept for thirty days, or as long as personal data if that is shorter, and then forgotten."""

from datetime import timedelta

from services.parcel.idempotency.store import answers_of_items, requests
from shared.db.connection import Tx


async def forget_old_requests(tx: Tx, personal_data_for: timedelta) -> None:
    """Forget the answers whose time is over; they name people, who are to be forgotten too."""
    kept_for = min(requests.KEPT_FOR, personal_data_for)
    await requests.drop_old(tx, kept_for)
    await answers_of_items.drop_old(tx, kept_for)

"""Answers are kept for thirty days and then forgotten."""

from services.parcel.idempotency.store import requests
from shared.db.connection import Tx


async def forget_old_requests(tx: Tx) -> None:
    """Forget the answers whose time is over."""
    await requests.drop_old(tx)

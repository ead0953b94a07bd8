"""A person signs out on a device."""

from datetime import datetime

from services.parcel.people.domain.session import digest
from services.parcel.people.store import sessions
from shared.db.connection import Tx


async def end_session(tx: Tx, secret: str, now: datetime) -> str | None:
    """End the session of a secret; returns whose it was, None where it is over already."""
    return await sessions.end(tx, digest(secret), now)

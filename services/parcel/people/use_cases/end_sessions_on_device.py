"""Whoever signed in on a counter's device is signed out, for the device was revoked."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.store import sessions
from shared.db.connection import Tx


async def end_sessions_on_device(tx: Tx, device_id: UUID, now: datetime) -> None:
    """End the sessions that were begun on a device."""
    await sessions.end_all_on(tx, device_id, now)

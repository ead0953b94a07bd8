"""A member of staff takes another passphrase."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.store import sessions, staff
from shared.db.connection import Tx


async def change_passphrase(tx: Tx, staff_id: UUID, passphrase_hash: str, now: datetime) -> None:
    """Replace a passphrase and end the sessions that the old one opened."""
    await staff.change_passphrase(tx, staff_id, passphrase_hash)
    await sessions.end_all_of(tx, str(staff_id), now)

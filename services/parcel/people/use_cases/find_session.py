"""Whether the session that a pass was given with was ended since."""

from uuid import UUID

from services.parcel.people.domain.session import Session
from services.parcel.people.store import sessions
from shared.db.connection import Tx


async def find_session(tx: Tx, session_id: UUID) -> Session | None:
    """Return a session; None where it began so long ago that it was forgotten."""
    return await sessions.find(tx, session_id)

"""A session goes on while it is used, until the shift is over."""

from datetime import datetime

from services.parcel.people.domain.session import Session, SessionEnded, digest
from services.parcel.people.store import sessions
from shared.db.connection import Tx


async def renew_session(tx: Tx, secret: str, now: datetime) -> Session:
    """Return the session of a secret, used now.

    Raises: SessionEnded.
    """
    session = await sessions.lock(tx, digest(secret))
    if session is None:
        raise SessionEnded
    session.must_go_on(now)
    await sessions.use(tx, session.session_id, now)
    return session

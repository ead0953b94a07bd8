"""A person who proved who they are gets a session."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.session import Session, digest, new_secret
from services.parcel.people.store import sessions
from shared.db.connection import Tx
from shared.ids import new_id


async def open_session(tx: Tx, actor: str, now: datetime, device_id: UUID | None = None) -> tuple[Session, str]:
    """Open a session, on a counter's device if there is one; returns it with the secret, which is kept nowhere."""
    session, secret = Session(new_id(), actor, began_at=now, used_at=now, device_id=device_id), new_secret()
    await sessions.add(tx, session, digest(secret))
    return session, secret

"""A session: how long one who signed in may go on without doing so again."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Unauthenticated

IDLE_LASTS = timedelta(minutes=30)
SHIFT_LASTS = timedelta(hours=12)
SECRET_BYTES = 32


class SessionEnded(Unauthenticated):
    """This session is over; sign in again."""

    slug = "session-ended"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in, on one device; its secret is kept as a hash alone."""

    session_id: UUID
    actor: str
    began_at: datetime
    used_at: datetime
    ended_at: datetime | None = None
    device_id: UUID | None = None
    """The counter's device on which it was begun, if it was one."""

    @property
    def ends_at(self) -> datetime:
        """Return the end of the shift, after which nothing is renewed."""
        return self.began_at + SHIFT_LASTS

    def must_go_on(self, now: datetime) -> None:
        """Check that the session was not left, ended, or outlived.

        Raises: SessionEnded.
        """
        if self.ended_at or now >= self.ends_at or now >= self.used_at + IDLE_LASTS:
            raise SessionEnded


def new_secret() -> str:
    """Make what a device shows to go on with its session."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> bytes:
    """Return the form in which a secret is kept; it is random and long, so that a fast hash will do."""
    return hashlib.sha256(secret.encode()).digest()

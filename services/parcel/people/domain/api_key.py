"""A key with which a shop's program acts for it, in earnest or in practice."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access.scopes import LIVE_PREFIX, PRACTICE_PREFIX
from shared.contracts.directory import ApiKeyV1
from shared.errors import NotFound

SECRET_BYTES = 32
SHOWN_CHARACTERS = 20
"""Enough to tell the keys of a shop apart; the other thirty-five stay unknown."""


class KeyNotFound(NotFound):
    """This shop has no such key."""

    slug = "api-key-not-found"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: what it may do, and the hash of its secret."""

    key_id: UUID
    trader_id: UUID
    label: str
    prefix: str
    secret_sha256: bytes
    scopes: tuple[str, ...]
    practice: bool
    made_by: str
    made_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def entry(self) -> ApiKeyV1:
        """Return what the directory says of the key."""
        return ApiKeyV1(
            key_id=str(self.key_id),
            trader=str(self.trader_id),
            secret_sha256=self.secret_sha256.hex(),
            scopes=list(self.scopes),
            practice=self.practice,
            expires_at=self.expires_at,
            revoked=self.revoked_at is not None,
            version=1,
        )


def new_secret(*, practice: bool) -> str:
    """Make a key; its beginning says to people and to scanners of leaks what it is."""
    return f"{PRACTICE_PREFIX if practice else LIVE_PREFIX}{secrets.token_urlsafe(SECRET_BYTES)}"


def digest(secret: str) -> bytes:
    """Return the form in which a key is kept; it is random and long, so that a fast hash will do."""
    return hashlib.sha256(secret.encode()).digest()

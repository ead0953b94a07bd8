"""A shop replaces a key: the new one works at once, the old one a while longer."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.parcel.people.domain.api_key import ApiKey, KeyNotFound
from services.parcel.people.store import api_keys
from services.parcel.people.use_cases.make_key import make_key
from shared.access import directory
from shared.access.scopes import Scope
from shared.db.connection import Tx
from shared.errors import Conflict
from shared.messaging.outbox import Outbox


class KeyOver(Conflict):
    """This key is revoked or at its end; make a new one."""

    slug = "api-key-over"


async def rotate_key(
    tx: Tx, outbox: Outbox, trader_id: UUID, key_id: UUID, made_by: str, now: datetime, old_lives: timedelta
) -> tuple[ApiKey, str]:
    """Make a key that may do the same; returns it with its secret.

    Raises: KeyNotFound, KeyOver.
    """
    old = await api_keys.lock(tx, trader_id, key_id)
    if old is None:
        raise KeyNotFound
    if old.revoked_at or (old.expires_at and old.expires_at <= now):
        raise KeyOver
    ends_at = min(now + old_lives, old.expires_at or now + old_lives)
    old = replace(old, expires_at=ends_at)
    await api_keys.end(tx, old)
    await directory.publish(tx, outbox, old.entry())
    scopes = tuple(Scope(scope) for scope in old.scopes)
    return await make_key(tx, outbox, trader_id, old.label, scopes, made_by, now, practice=old.practice)

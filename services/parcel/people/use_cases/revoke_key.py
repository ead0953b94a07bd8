"""A key is worth nothing from now on, in any service."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.api_key import KeyNotFound
from services.parcel.people.store import api_keys
from shared.access import directory
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def revoke_key(tx: Tx, outbox: Outbox, trader_id: UUID, key_id: UUID, now: datetime) -> None:
    """Revoke a key of a shop; one revoked before stays so.

    Raises: KeyNotFound.
    """
    key = await api_keys.lock(tx, trader_id, key_id)
    if key is None:
        raise KeyNotFound
    revoked = replace(key, revoked_at=key.revoked_at or now)
    await api_keys.end(tx, revoked)
    await directory.publish(tx, outbox, revoked.entry())

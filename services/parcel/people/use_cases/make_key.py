"""A shop gets a key for its program."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.api_key import SHOWN_CHARACTERS, ApiKey, digest, new_secret
from services.parcel.people.store import api_keys
from shared.access import directory
from shared.access.scopes import Scope
from shared.db.connection import Tx
from shared.ids import new_id
from shared.messaging.outbox import Outbox


async def make_key(
    tx: Tx,
    outbox: Outbox,
    trader_id: UUID,
    label: str,
    scopes: tuple[Scope, ...],
    made_by: str,
    now: datetime,
    *,
    practice: bool,
) -> tuple[ApiKey, str]:
    """Make a key and tell every service its hash; returns it with the secret, which is kept nowhere."""
    secret = new_secret(practice=practice)
    key = ApiKey(
        key_id=new_id(),
        trader_id=trader_id,
        label=label,
        prefix=secret[:SHOWN_CHARACTERS],
        secret_sha256=digest(secret),
        scopes=tuple(scope.value for scope in scopes),
        practice=practice,
        made_by=made_by,
        made_at=now,
    )
    await api_keys.add(tx, key)
    await directory.publish(tx, outbox, key.entry())
    return key, secret

"""Table api_key."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.parcel.people.domain.api_key import ApiKey
from shared.db.connection import Tx


async def add(tx: Tx, key: ApiKey) -> None:
    """Insert a key."""
    await tx.execute(
        """
        insert into api_key (key_id, trader_id, label, prefix, secret_sha256, scopes, practice, made_by, made_at,
            expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        key.key_id,
        key.trader_id,
        key.label,
        key.prefix,
        key.secret_sha256,
        key.scopes,
        key.practice,
        key.made_by,
        key.made_at,
        key.expires_at,
    )


async def of_trader(tx: Tx, trader_id: UUID, after: tuple[datetime, UUID] | None, limit: int) -> list[ApiKey]:
    """Return the keys of a shop, newest first; those after a time and id."""
    records = await tx.fetch(
        """
        select key_id, trader_id, label, prefix, secret_sha256, scopes, practice, made_by, made_at, expires_at,
            revoked_at
        from api_key where trader_id = $1 and ($2::timestamptz is null or (made_at, key_id) < ($2, $3::uuid))
        order by made_at desc, key_id desc limit $4
        """,
        trader_id,
        *(after or (None, None)),
        limit,
    )
    return [_key(record) for record in records]


async def lock(tx: Tx, trader_id: UUID, key_id: UUID) -> ApiKey | None:
    """Return a key and keep others from changing it until the transaction ends."""
    record = await tx.fetchrow(
        """
        select key_id, trader_id, label, prefix, secret_sha256, scopes, practice, made_by, made_at, expires_at,
            revoked_at
        from api_key where trader_id = $1 and key_id = $2 for update
        """,
        trader_id,
        key_id,
    )
    return _key(record) if record else None


async def end(tx: Tx, key: ApiKey) -> None:
    """Keep when a key ends or was revoked."""
    await tx.execute(
        "update api_key set expires_at = $2, revoked_at = $3 where key_id = $1",
        key.key_id,
        key.expires_at,
        key.revoked_at,
    )


async def erase(tx: Tx, closed_before: datetime) -> None:
    """Forget what shops called their keys that closed before some time."""
    await tx.execute(
        """
        update api_key set label = '' where label <> ''
            and trader_id in (select trader_id from trader where disabled_at < $1)
        """,
        closed_before,
    )


def _key(record: asyncpg.Record) -> ApiKey:
    values: dict[str, Any] = dict(record)
    return ApiKey(**{**values, "scopes": tuple(values["scopes"])})
